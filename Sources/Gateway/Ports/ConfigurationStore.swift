public import Manifest

/// The configuration repository as the use cases see it: a tree to look at, and writes that happen whole or not at all.
public protocol ConfigurationStore: Sendable {
    /// The files of the present head.
    ///
    /// - Throws: ``GatewayFailure``.
    func snapshot() async throws(GatewayFailure) -> ConfigurationSnapshot

    /// Commits what an intent makes of the newest head. The intent runs again when the head moved meanwhile.
    ///
    /// - Throws: ``GatewayFailure``. Nothing was changed then.
    func write(_ request: IntentRequest) async throws(GatewayFailure) -> WriteResult
}

/// The files of one revision.
public struct ConfigurationSnapshot: Sendable {
    /// The revision.
    public var revision: String
    /// Its files.
    public var tree: ManifestTree

    /// A state of the repository.
    public init(revision: String, tree: ManifestTree) {
        self.revision = revision
        self.tree = tree
    }
}

/// An intent with who wants it and what they consent to.
public struct IntentRequest: Sendable {
    /// What is to be done.
    public var intent: Intent
    /// Who is named as the author.
    public var author: Author
    /// By which road it came: `cli`, `rest`. Stands in the commit.
    public var via: String
    /// The request's id. Stands in the commit.
    public var requestID: String
    /// Digests of changes or refusals that are consented to.
    public var approvals: Set<String>

    /// A request.
    public init(_ intent: Intent, author: Author, via: String, requestID: String, approvals: Set<String> = []) {
        self.intent = intent
        self.author = author
        self.via = via
        self.requestID = requestID
        self.approvals = approvals
    }
}

/// What a write did.
public struct WriteResult: Sendable {
    /// The revision that holds it.
    public var revision: String
    /// Whether it holds already what was wanted, and nothing was committed.
    public var isUnchanged: Bool
    /// What the intent did to the head that was committed on.
    public var outcome: IntentOutcome
    /// How many local commits the remote does not have; nil when there is none, or it has all.
    public var ahead: Int?
    /// What people should know: rails that could not be looked at, problems of the plan.
    public var notes: [String]

    /// A result.
    public init(
        revision: String, isUnchanged: Bool, outcome: IntentOutcome, ahead: Int? = nil, notes: [String] = []
    ) {
        self.revision = revision
        self.isUnchanged = isUnchanged
        self.outcome = outcome
        self.ahead = ahead
        self.notes = notes
    }
}
