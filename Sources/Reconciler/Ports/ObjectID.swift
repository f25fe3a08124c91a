/// The identity of an object in plans, reports and the inventory.
public struct ObjectID: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The kinds of objects that plans speak of.
    public enum Kind: String, Sendable, Hashable, CaseIterable, Comparable {
        /// An interface with its link, addresses and device.
        case interface = "Interface"
        /// A peer; its name is `interface/name`, or `interface/public key` for one that no manifest declares.
        case peer = "Peer"
        /// A route; its name is `destination dev interface table N`.
        case route = "Route"
        /// A policy rule.
        case rule = "Rule"
        /// An `Access` document.
        case access = "Access"
        /// A `Forward` document.
        case forward = "Forward"
        /// The nftables table.
        case firewall = "Firewall"
        /// A kernel parameter.
        case sysctl = "Sysctl"
        /// A row of a user in the database.
        case user = "User"
        /// The rows of the API's settings in the database.
        case settings = "Settings"
        /// The rows of the DNS forwarder's settings in the database.
        case dnsSettings = "DNSSettings"
        /// A row of a blocklist in the database.
        case blocklist = "Blocklist"
        /// A row of a DNS rule in the database; its name is what the rule does, or the line of an `adblock` block.
        case dnsRule = "DNSRule"

        /// Whether objects of this kind are rows of the database.
        var isProjected: Bool {
            switch self {
            case .user, .settings, .dnsSettings, .blocklist, .dnsRule: true
            case .interface, .peer, .route, .rule, .access, .forward, .firewall, .sysctl: false
            }
        }

        /// Whether objects of this kind are in our nftables table.
        var isInFirewall: Bool { [.access, .forward, .firewall].contains(self) }

        /// Orders by declaration.
        public static func < (a: Self, b: Self) -> Bool { a.rank < b.rank }
        private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    }

    /// The kind.
    public let kind: Kind
    /// The name, unique in its kind.
    public let name: String

    /// An identity.
    public init(_ kind: Kind, _ name: String) {
        self.kind = kind
        self.name = name
    }

    /// Orders by kind, then by the name's bytes.
    public static func < (a: Self, b: Self) -> Bool {
        a.kind != b.kind ? a.kind < b.kind : a.name.utf8.lexicographicallyPrecedes(b.name.utf8)
    }

    /// `Peer wg0/alice`; a DNS rule reads as a sentence: `rule block ads.example.com for johns-iphone`.
    public var description: String { kind == .dnsRule ? "rule \(name)" : "\(kind.rawValue) \(name)" }
}
