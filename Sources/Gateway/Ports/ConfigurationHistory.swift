public import Model
public import Reconciler

/// The revisions that the configuration repository keeps.
public protocol ConfigurationHistory: Sendable {
    /// The commits of the branch from the newest on, `offset` of them left out.
    ///
    /// - Throws: ``GatewayFailure``, ``GatewayFailure/conflict(_:)`` for a plain directory, which keeps none.
    func entries(limit: Int, offset: Int) async throws(GatewayFailure) -> HistoryPage

    /// A commit of the branch, by its name or the beginning of it.
    ///
    /// - Throws: ``GatewayFailure``, ``GatewayFailure/unknownRevision(_:)`` for what is not in its history.
    func commit(_ revision: String) async throws(GatewayFailure) -> CommittedRevision

    /// What a branch, tag or commit of the repository declares. Nothing is fetched.
    ///
    /// - Throws: ``GatewayFailure``.
    func declared(at reference: String) async throws(GatewayFailure) -> DesiredRevision

    /// Makes the commit that restores the files of an earlier one, or says what it would be.
    ///
    /// - Throws: ``GatewayFailure``. Nothing was changed then.
    func rollBack(_ request: RollbackRequest) async throws(GatewayFailure) -> RollbackResult
}

/// A part of the history.
public struct HistoryPage: Sendable, Hashable {
    /// Newest first.
    public var entries: [HistoryEntry]
    /// How many commits the branch has.
    public var total: Int
    /// The head of the branch.
    public var head: String?

    /// A page.
    public init(entries: [HistoryEntry], total: Int, head: String?) {
        self.entries = entries
        self.total = total
        self.head = head
    }
}
