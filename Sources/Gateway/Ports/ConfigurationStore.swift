public import Manifest
public import Reconciler

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

    /// What ``write(_:)`` would do, judged by the same validation, plan and rails. Nothing is changed anywhere.
    ///
    /// - Throws: ``GatewayFailure``, as the write would.
    func preview(_ request: IntentRequest) async throws(GatewayFailure) -> WritePreview
}

/// The files of one revision.
public struct ConfigurationSnapshot: Sendable {
    /// The revision.
    public var revision: String
    /// Its files.
    public var tree: ManifestTree
    /// Why the revision can't be used, rendered; empty when it can.
    public var problems: [String]

    /// A state of the repository.
    public init(revision: String, tree: ManifestTree, problems: [String] = []) {
        self.revision = revision
        self.tree = tree
        self.problems = problems
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

/// What a write would do.
public struct WritePreview: Sendable {
    /// The revision it was judged on.
    public var revision: String
    /// What the intent makes of it; without a change it is as wanted already.
    public var outcome: IntentOutcome
    /// The files as they are and as they would be.
    public var base: ManifestTree
    /// The files with the change.
    public var tree: ManifestTree
    /// What the next pass would do; nil where this host can't be looked at.
    public var report: PassReport?
    /// What people should know.
    public var notes: [String]

    /// A preview.
    public init(
        revision: String, outcome: IntentOutcome, base: ManifestTree, tree: ManifestTree, report: PassReport?,
        notes: [String]
    ) {
        self.revision = revision
        self.outcome = outcome
        self.base = base
        self.tree = tree
        self.report = report
        self.notes = notes
    }
}
