/// What a write came to.
public struct WriteReceipt: Sendable, Hashable {
    /// How far the commit got.
    public enum Remote: Sendable, Hashable {
        /// There is no remote.
        case none
        /// The remote has it.
        case pushed
        /// It is committed here; the remote lacks this many commits and gets them when it can be reached.
        case ahead(Int)
    }

    /// The revision that holds the change: a commit, or `sha-…` of a plain directory.
    public let revision: String
    /// Whether nothing had to be changed, so that nothing was committed.
    public let isUnchanged: Bool
    /// How far it got.
    public let remote: Remote

    /// A receipt.
    public init(revision: String, isUnchanged: Bool, remote: Remote) {
        self.revision = revision
        self.isUnchanged = isUnchanged
        self.remote = remote
    }
}
