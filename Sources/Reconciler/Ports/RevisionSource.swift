public import Model

/// Where desired state comes from. `Repository` implements it for git and for plain directories.
public protocol RevisionSource: Sendable {
    /// Reads the desired state of the present head. Unchanged files are not parsed again.
    ///
    /// - Throws: ``RevisionFailure`` when the head can't be read or isn't valid; the last good revision then stays.
    func read(now: Timestamp) async throws(RevisionFailure) -> DesiredRevision

    /// Fires whenever the head may have moved.
    func changes() -> AsyncStream<Void>

    /// The id of the present head, without reading what it declares; nil where that costs as much as reading it, or can't be
    /// said.
    func headID() async -> String?
}

extension RevisionSource {
    /// Nil.
    public func headID() async -> String? { nil }
}

/// The declared state of one revision.
public struct DesiredRevision: Sendable {
    /// A commit id, or `sha-…` with the digest of a plain directory's files.
    public let id: String
    /// The declared state.
    public let catalog: Catalog
    /// Warnings of validation, rendered as `path:line:column: warning[code]: message`.
    public let warnings: [String]
    /// Whether the worktree has uncommitted edits, which are not applied.
    public let isDirty: Bool
    /// What kind of place this is, for people: `git branch main` or `plain directory`.
    public let origin: String
    /// What keeps newer revisions from coming here, or these from going on, though this one can be used.
    public var obstacle: RevisionObstacle?

    /// A revision.
    public init(id: String, catalog: Catalog, warnings: [String] = [], isDirty: Bool = false, origin: String = "") {
        self.id = id
        self.catalog = catalog
        self.warnings = warnings
        self.isDirty = isDirty
        self.origin = origin
    }
}

/// What is wrong between a repository and its remote.
public enum RevisionObstacle: Sendable, Hashable {
    /// A person has to decide; the message says how.
    case diverged(String)
    /// The remote can't be reached.
    case unreachable(String)
}

/// Why a revision can't be used.
public enum RevisionFailure: Error, Sendable, Hashable {
    /// The repository can't be read: missing directory, no rights, git refuses, a file vanished. Exit code 1.
    case unreadable(String)
    /// The head was read and isn't valid (or holds no document). Problems are rendered and sorted. Exit code 10.
    case invalid(revision: String, problems: [String])
}
