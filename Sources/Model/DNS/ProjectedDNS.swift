/// What the database holds of the DNS forwarder's policy.
public struct ProjectedDNS: Sendable, Hashable {
    /// The rows of ``ProjectedDNSSettings``; empty: nothing declares a forwarder.
    public var settings: [String: String]
    /// The lists, in ``ProjectedBlocklist/order(_:_:)``.
    public var blocklists: [ProjectedBlocklist]
    /// The rules, in ``ProjectedDNSRule/order(_:_:)``.
    public var rules: [ProjectedDNSRule]

    /// What a database holds.
    public init(
        settings: [String: String] = [:], blocklists: [ProjectedBlocklist] = [], rules: [ProjectedDNSRule] = []
    ) {
        self.settings = settings
        self.blocklists = blocklists
        self.rules = rules
    }
}
