/// A named set of the table. Hosts and prefixes are in separate sets, without auto-merge.
public enum FirewallSet: Sendable, Hashable {
    /// IPv4 addresses of isolated peers.
    case isolatedHosts4
    /// IPv6 addresses of isolated peers.
    case isolatedHosts6
    /// IPv4 networks behind isolated peers.
    case isolatedNetworks4
    /// IPv6 networks behind isolated peers.
    case isolatedNetworks6
    /// Interfaces with IPv4 addresses of their peers whose DNS is enforced.
    case enforcedHosts4
    /// Interfaces with IPv6 addresses of their peers whose DNS is enforced.
    case enforcedHosts6
    /// Interfaces with IPv4 networks behind their peers whose DNS is enforced.
    case enforcedNetworks4
    /// Interfaces with IPv6 networks behind their peers whose DNS is enforced.
    case enforcedNetworks6
    /// Interfaces with IPv4 addresses of their peers that `Access` documents are about, with their class.
    case accessHosts4
    /// Interfaces with IPv6 addresses of their peers that `Access` documents are about, with their class.
    case accessHosts6
    /// Interfaces with IPv4 networks behind their peers that `Access` documents are about, with their class.
    case accessNetworks4
    /// Interfaces with IPv6 networks behind their peers that `Access` documents are about, with their class.
    case accessNetworks6
    /// What `Access` documents name.
    case access(AccessSet, AddressFamily)

    /// The sets of isolation.
    public static let isolated: [FirewallSet] = [
        .isolatedHosts4, .isolatedHosts6, .isolatedNetworks4, .isolatedNetworks6,
    ]
    /// The sets of enforced DNS.
    public static let enforced: [FirewallSet] = [
        .enforcedHosts4, .enforcedHosts6, .enforcedNetworks4, .enforcedNetworks6,
    ]
    /// The maps from a peer's address to its class.
    public static let accessClasses: [FirewallSet] = [
        .accessHosts4, .accessHosts6, .accessNetworks4, .accessNetworks6,
    ]
    /// All that don't depend on documents.
    public static let fixed = isolated + enforced + accessClasses

    /// The family of the members.
    public var family: AddressFamily {
        switch self {
        case .isolatedHosts4, .isolatedNetworks4, .enforcedHosts4, .enforcedNetworks4, .accessHosts4, .accessNetworks4:
            .ipv4
        case .isolatedHosts6, .isolatedNetworks6, .enforcedHosts6, .enforcedNetworks6, .accessHosts6, .accessNetworks6:
            .ipv6
        case .access(_, let family): family
        }
    }

    /// Which prefixes the members have.
    public enum Extent: Sendable, Hashable {
        /// Single addresses.
        case hosts
        /// Networks, never single addresses.
        case networks
        /// Either.
        case any
    }

    /// Which prefixes the members have.
    public var extent: Extent {
        switch self {
        case .isolatedHosts4, .isolatedHosts6, .enforcedHosts4, .enforcedHosts6, .accessHosts4, .accessHosts6: .hosts
        case .isolatedNetworks4, .isolatedNetworks6, .enforcedNetworks4, .enforcedNetworks6, .accessNetworks4,
            .accessNetworks6:
            .networks
        case .access: .any
        }
    }

    /// Whether the members are intervals to the kernel.
    public var holdsNetworks: Bool { extent != .hosts }

    /// Whether the members are those of an interface, because the same address may be another peer's elsewhere.
    public var namesInterfaces: Bool { Self.enforced.contains(self) || namesClasses }

    /// Whether it is a map: its members lead to the chain of a class.
    public var namesClasses: Bool { Self.accessClasses.contains(self) }

    /// Whether the members are services of addresses.
    public var namesServices: Bool { if case .access(let set, _) = self { set.namesServices } else { false } }
}

// Not `RawRepresentable`: that would hash and compare the names.
extension FirewallSet {
    /// The set of that name.
    public init?(rawValue: String) {
        if let set = Self.fixed.first(where: { $0.rawValue == rawValue }) {
            self = set
            return
        }
        // allow_services4_0123456789ab
        let words = rawValue.split(separator: "_", maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count == 3, let action = AccessRule.Action(rawValue: String(words[0])), !words[2].isEmpty,
            let family = AddressFamily.allCases.first(where: { words[1].hasSuffix(Self.digit($0)) }),
            ["any", "services"].contains(words[1].dropLast())
        else { return nil }
        self = .access(
            AccessSet(selector: String(words[2]), action: action, namesServices: words[1].dropLast() == "services"),
            family)
    }

    /// The name in the table.
    public var rawValue: String {
        switch self {
        case .isolatedHosts4: "isolated_hosts4"
        case .isolatedHosts6: "isolated_hosts6"
        case .isolatedNetworks4: "isolated_networks4"
        case .isolatedNetworks6: "isolated_networks6"
        case .enforcedHosts4: "dns_enforced_hosts4"
        case .enforcedHosts6: "dns_enforced_hosts6"
        case .enforcedNetworks4: "dns_enforced_networks4"
        case .enforcedNetworks6: "dns_enforced_networks6"
        case .accessHosts4: "access_hosts4"
        case .accessHosts6: "access_hosts6"
        case .accessNetworks4: "access_networks4"
        case .accessNetworks6: "access_networks6"
        case .access(let set, let family):
            "\(set.action.rawValue)_\(set.namesServices ? "services" : "any")\(Self.digit(family))_\(set.selector)"
        }
    }

    private static func digit(_ family: AddressFamily) -> String { family == .ipv4 ? "4" : "6" }
}

extension FirewallSet: Comparable {
    /// Orders by what they are for; those of documents last, by name.
    public static func < (a: Self, b: Self) -> Bool { (a.rank, a.rawValue) < (b.rank, b.rawValue) }

    private var rank: Int { Self.fixed.firstIndex(of: self) ?? Self.fixed.count }
}

/// The members of the sets; a set without members is absent from the dictionary. Networks of a set don't overlap
/// (``Swift/Sequence/disjoint()``), nor do the services of one.
public typealias FirewallElements = [FirewallSet: Set<FirewallMember>]
