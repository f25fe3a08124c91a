/// What became of a declared blocklist on this host.
public struct BlocklistStatus: Sendable, Hashable {
    /// Where a list stands.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// Its newest text is in force.
        case ready
        /// An older text is in force, because the newest could not be had or was refused.
        case stale
        /// Nothing of it is in force: it was never read.
        case missing
        /// It is being fetched; what was in force before still is.
        case updating
        /// The repository disables it.
        case disabled
    }

    /// The list's name.
    public var name: String
    /// Where it stands.
    public var state: State
    /// Rules and names in force.
    public var rules = 0
    /// Lines that were skipped, by reason.
    public var skipped: [String: Int] = [:]
    /// When the text in force was read or confirmed by its server; nil if never.
    public var updatedAt: Timestamp?
    /// When it is looked at again; nil for a file of the repository.
    public var nextUpdate: Timestamp?
    /// Why the newest text is not in force; nil if it is.
    public var error: String?

    /// A status without further news.
    public init(name: String, state: State) {
        self.name = name
        self.state = state
    }
}
