/// The declared state of one revision: everything the repository says, decoded and validated as a whole.
public struct Catalog: Sendable, Equatable {
    /// The interfaces, sorted by name.
    public let interfaces: [Interface]
    /// The peers, sorted by interface and name (by UTF-8 bytes).
    public let peers: [Peer]
    /// The settings, or their defaults.
    public let settings: Settings
    /// Who can open sealed values, in the order written; empty without a `Recipients` document.
    public let recipients: [Recipient]
    /// Who may use the API, sorted by name (by UTF-8 bytes); empty: nobody can log in.
    public let users: [User]
    /// The DNS forwarder; nil without a `DNSSettings` document.
    public let dns: DNSSettings?
    /// The blocklists, sorted by name (by UTF-8 bytes).
    public let blocklists: [Blocklist]
    /// The DNS rules, in the order of their files (by UTF-8 bytes of the path) and of their places there.
    public let dnsRules: [DNSRule]
    /// The lines of `adblock` blocks, in the order of their files and of their places there.
    public let dnsFilterLines: [DNSFilterLine]
    /// What peers may reach, sorted by name (by UTF-8 bytes); empty: everything.
    public let access: [AccessRule]
    /// The ports that lead to peers, sorted by name (by UTF-8 bytes).
    public let forwards: [Forward]
    /// Consents to what rails refuse, sorted by name (by UTF-8 bytes).
    public let approvals: [Approval]
    /// Findings that are known, sorted by name (by UTF-8 bytes).
    public let acknowledgements: [Acknowledgement]

    /// A catalog; sorts what it is given.
    public init(
        interfaces: [Interface], peers: [Peer], settings: Settings = Settings(), recipients: [Recipient] = [],
        users: [User] = [], dns: DNSSettings? = nil, blocklists: [Blocklist] = [], dnsRules: [DNSRule] = [],
        dnsFilterLines: [DNSFilterLine] = [], access: [AccessRule] = [], forwards: [Forward] = [],
        approvals: [Approval] = [], acknowledgements: [Acknowledgement] = []
    ) {
        self.interfaces = interfaces.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        self.peers = peers.sorted {
            $0.interface.utf8.elementsEqual($1.interface.utf8)
                ? $0.name.utf8.lexicographicallyPrecedes($1.name.utf8)
                : $0.interface.utf8.lexicographicallyPrecedes($1.interface.utf8)
        }
        self.settings = settings
        self.recipients = recipients
        self.users = users.sorted { $0.username.utf8.lexicographicallyPrecedes($1.username.utf8) }
        self.dns = dns
        self.blocklists = blocklists.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        self.dnsRules = dnsRules.sorted { Self.precedes($0.location, $1.location) }
        // Lines of one place keep their order.
        self.dnsFilterLines = dnsFilterLines.enumerated().sorted { left, right in
            left.element.location == right.element.location
                ? left.offset < right.offset : Self.precedes(left.element.location, right.element.location)
        }.map(\.element)
        self.access = access.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        self.forwards = forwards.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        self.approvals = approvals.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        self.acknowledgements = acknowledgements.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    private static func precedes(_ left: SourceLocation, _ right: SourceLocation) -> Bool {
        left.path.utf8.elementsEqual(right.path.utf8)
            ? (left.line, left.column) < (right.line, right.column)
            : left.path.utf8.lexicographicallyPrecedes(right.path.utf8)
    }

    /// The state without any object: what `down` converges to.
    public static let empty = Catalog(interfaces: [], peers: [])
}
