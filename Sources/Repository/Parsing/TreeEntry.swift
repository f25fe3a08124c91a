import Model

/// A configuration file of a tree, and what identifies its content.
struct TreeEntry: Hashable, Sendable {
    /// The path relative to the root, bytes as stored.
    let path: [UInt8]
    /// What identifies its content without reading it.
    let content: ContentIdentity
}

/// What identifies the content of a file: equal identities mean equal bytes.
enum ContentIdentity: Hashable, Sendable {
    /// A git blob.
    case blob(ObjectName)
    /// A file on disk.
    case file(FileStamp)
}

/// Something in a tree that is not followed.
struct RefusedEntry: Hashable, Sendable {
    enum Reason: Hashable, Sendable {
        case link
        case submodule
        case special
        case tooDeep
    }

    let path: [UInt8]
    let reason: Reason
}

/// The configuration files of one state of a repository, sorted by the bytes of their paths.
struct TreeListing: Sendable {
    var entries: [TreeEntry] = []
    var refused: [RefusedEntry] = []

    /// How deep folders may nest.
    static let deepest = 32
}
