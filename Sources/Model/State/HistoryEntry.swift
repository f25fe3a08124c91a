/// One commit of the configuration.
public struct HistoryEntry: Sendable, Hashable {
    /// The commit.
    public var revision: String
    /// When it was committed.
    public var at: Timestamp
    /// The name of its author.
    public var author: String
    /// The mail address of its author.
    public var email: String
    /// By which way it came in, from its `Via` trailer: `cli`, `rest`, `remote`; nil: a person committed it.
    public var via: String?
    /// The commit whose tree it restores, from its `Rollback-To` trailer.
    public var rollbackTo: String?
    /// What changed: the first line of its message.
    public var subject: String

    /// A commit.
    public init(
        revision: String, at: Timestamp, author: String, email: String, via: String?, rollbackTo: String?,
        subject: String
    ) {
        self.revision = revision
        self.at = at
        self.author = author
        self.email = email
        self.via = via
        self.rollbackTo = rollbackTo
        self.subject = subject
    }
}
