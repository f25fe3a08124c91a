/// What the database holds of the repository besides the inventory: users, settings and the policy of the DNS forwarder,
/// as they were read last.
public struct ProjectedState: Sendable, Hashable {
    /// The users, in ``ProjectedUser/order(_:_:)``.
    public var users: [ProjectedUser]
    /// The rows of ``ProjectedSettings``; empty: the defaults.
    public var settings: [String: String]
    /// The policy of the DNS forwarder.
    public var dns: ProjectedDNS

    /// What a database holds.
    public init(users: [ProjectedUser] = [], settings: [String: String] = [:], dns: ProjectedDNS = ProjectedDNS()) {
        self.users = users
        self.settings = settings
        self.dns = dns
    }
}
