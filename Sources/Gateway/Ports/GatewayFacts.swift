public import Reconciler

/// What a gateway says of itself beside its revisions and passes.
public protocol GatewayFacts: Sendable {
    /// The name of the host.
    var hostName: String { get }
    /// The directory of the configuration.
    var config: String { get }
    /// The state directory.
    var state: String { get }
    /// Who runs as the daemon; nil: nobody.
    var daemon: String? { get }

    /// The worktree and the remote of the repository.
    func repository() async -> RepositoryFacts
    /// What the process uses of the host.
    func system() -> SystemFacts
}

/// What stands beside the head of the repository.
public struct RepositoryFacts: Sendable, Hashable {
    /// Files with uncommitted edits, which are not applied.
    public var edited: [String]
    /// What is unusual about the worktree.
    public var notes: [String]
    /// How the branch and the remote's stand to each other; nil without a remote.
    public var remote: StatusReport.Remote?

    /// Facts.
    public init(edited: [String] = [], notes: [String] = [], remote: StatusReport.Remote? = nil) {
        self.edited = edited
        self.notes = notes
        self.remote = remote
    }
}
