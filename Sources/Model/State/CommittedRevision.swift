/// A commit of the configuration with the files that it changes.
public struct CommittedRevision: Sendable, Hashable {
    /// The commit.
    public var entry: HistoryEntry
    /// The files, by path.
    public var files: [CommittedFile]

    /// A commit.
    public init(entry: HistoryEntry, files: [CommittedFile]) {
        self.entry = entry
        self.files = files
    }
}

/// A file that a commit changes.
public struct CommittedFile: Sendable, Hashable {
    /// Relative to the root of the repository.
    public var path: String
    /// Whether it goes.
    public var isDeleted: Bool

    /// A file.
    public init(path: String, isDeleted: Bool) {
        self.path = path
        self.isDeleted = isDeleted
    }
}
