/// The kinds of objects that the API reads and writes.
public enum ResourceKind: String, Sendable, Hashable, CaseIterable {
    /// Interfaces.
    case interface = "Interface"
    /// Peers.
    case peer = "Peer"
    /// Users.
    case user = "User"
    /// The settings.
    case settings = "Settings"
    /// The DNS forwarder.
    case dnsSettings = "DNSSettings"
    /// Blocklists.
    case blocklist = "Blocklist"
    /// DNS rules.
    case dnsRule = "DNSRule"
    /// Documents of access.
    case access = "Access"
    /// Forwards.
    case forward = "Forward"

    /// What the API shows beyond the declared fields and has looked at: a body may hold any value for it, which changes
    /// nothing.
    public var observed: Set<String> {
        switch self {
        case .interface: ["status", "reason", "peer_count", "observed", "observed_at"]
        case .peer: ["status", "last_handshake", "transfer_tx", "transfer_rx", "observed", "observed_at"]
        case .user: ["observed", "observed_at"]
        case .settings, .dnsSettings: ["sources", "observed", "observed_at"]
        case .blocklist, .access, .forward: ["observed", "observed_at"]
        case .dnsRule: ["source", "observed", "observed_at"]
        }
    }

    /// What a body must give to make an object.
    public var required: [String] {
        switch self {
        case .interface: ["name", "address"]
        case .peer: ["name", "interface"]
        case .user: ["username", "password"]
        case .settings, .dnsSettings: []
        case .blocklist: ["name", "format"]
        case .dnsRule: ["action", "domain"]
        case .access: ["name", "from", "to"]
        case .forward: ["name", "port", "to"]
        }
    }
}
