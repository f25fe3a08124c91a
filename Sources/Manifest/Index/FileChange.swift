/// A file that is to be written or deleted.
public struct FileChange: Sendable, Equatable {
    /// Relative to the repository's root, with `/` between folders.
    public let path: String
    /// The whole content; nil deletes the file.
    public let content: [UInt8]?

    /// A change.
    public init(path: String, content: [UInt8]?) {
        self.path = path
        self.content = content
    }
}

/// What one write does to the repository, and how its commit says so.
public struct TreeChange: Sendable, Equatable {
    /// What changes, at most 72 columns: `Add peer phone to wg0`.
    public var subject: String
    /// Why, or what else; may be empty.
    public var body: String
    /// The files, at most one change each.
    public var files: [FileChange]

    /// A change.
    public init(subject: String, body: String = "", files: [FileChange]) {
        self.subject = subject
        self.body = body
        self.files = files
    }
}
