public import Model

/// How the local branch and the remote's stand to each other.
public struct RemoteStatus: Sendable, Hashable {
    /// The states, the worst that applies.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Both are at the same commit.
        case inSync = "in_sync"
        /// Commits here that the remote lacks.
        case ahead
        /// Commits of the remote that are not here yet.
        case behind
        /// Nothing goes either way until a person decides.
        case diverged
        /// The remote can't be reached, or refuses us.
        case unreachable
        /// It was never looked at.
        case unknown
    }

    /// The remote as it may be shown: without passwords.
    public let remote: String
    /// The worst that applies.
    public let state: State
    /// How many commits here the remote lacks, as far as it is known.
    public let ahead: Int
    /// How many commits of the remote are not here yet, as far as it is known.
    public let behind: Int
    /// Since when it is diverged or unreachable.
    public let since: Timestamp?
    /// Why, and what to do; empty in other states.
    public let reason: String
    /// When it was last looked at.
    public let checked: Timestamp?

    /// A status.
    public init(
        remote: String, state: State, ahead: Int = 0, behind: Int = 0, since: Timestamp? = nil, reason: String = "",
        checked: Timestamp? = nil
    ) {
        self.remote = remote
        self.state = state
        self.ahead = ahead
        self.behind = behind
        self.since = since
        self.reason = reason
        self.checked = checked
    }
}
