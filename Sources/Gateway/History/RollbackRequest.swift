/// The wish to restore the files of an earlier revision.
public struct RollbackRequest: Sendable {
    /// The revision, as git takes it.
    public var revision: String
    /// Who is named as the author.
    public var author: Author
    /// By which road it came: `cli`, `rest`. Stands in the commit.
    public var via: String
    /// The request's id. Stands in the commit.
    public var requestID: String
    /// Digests of changes or refusals that are consented to.
    public var approvals: Set<String>
    /// Whether it is only to be shown.
    public var isDryRun: Bool

    /// A request.
    public init(
        _ revision: String, author: Author, via: String, requestID: String, approvals: Set<String> = [],
        isDryRun: Bool = false
    ) {
        self.revision = revision
        self.author = author
        self.via = via
        self.requestID = requestID
        self.approvals = approvals
        self.isDryRun = isDryRun
    }
}
