/// The structure of the table `inet wirebuddy`: what chains and rules follow from. Membership is in ``FirewallElements``.
public struct FirewallPolicy: Sendable, Hashable {
    /// One entry per managed interface, sorted by name. No interface = no table.
    public var interfaces: [FirewallInterface]
    /// What `Access` documents need; nil without one.
    public var access: FirewallAccess?
    /// The ports that lead to peers; nil without any, now and since the host started.
    public var forwards: FirewallForwards?
    /// Whether the kernel has to track forwarded connections though no rule needs it: somebody counts them.
    public var tracksConnections: Bool

    /// A policy.
    public init(
        interfaces: [FirewallInterface], access: FirewallAccess? = nil, forwards: FirewallForwards? = nil,
        tracksConnections: Bool = false
    ) {
        self.interfaces = interfaces
        self.access = access
        self.forwards = forwards
        self.tracksConnections = tracksConnections
    }
}

/// What the firewall does for one interface.
public struct FirewallInterface: Sendable, Hashable {
    /// The link name.
    public var name: String
    /// The interface's own prefixes, sorted.
    public var prefixes: [Prefix]
    /// Those of its prefixes that are masqueraded (IPv6 only with `nat66`), sorted.
    public var masqueraded: [Prefix]
    /// The links whose output is masqueraded; empty = every link that is not a managed interface.
    public var masqueradeOutputs: [String]
    /// What peers reach on the gateway itself.
    public var input: InputPolicy
    /// The MTU TCP MSS is clamped to, in bytes; nil = no clamp.
    public var mssClampMTU: Int?
    /// The mark of encrypted packets while a `/0` stands behind a peer, else nil. As `wg-quick(8)` does: answers to marked
    /// packets get the mark back through conntrack (UDP), so that reverse path checks pass.
    public var defaultRouteMark: UInt32?
    /// Where the DNS of enforced peers goes; nil = wherever they want.
    public var dns: FirewallDNS?

    /// An entry.
    public init(
        name: String, prefixes: [Prefix], masqueraded: [Prefix], masqueradeOutputs: [String], input: InputPolicy,
        mssClampMTU: Int?, defaultRouteMark: UInt32? = nil, dns: FirewallDNS? = nil
    ) {
        self.name = name
        self.prefixes = prefixes
        self.masqueraded = masqueraded
        self.masqueradeOutputs = masqueradeOutputs
        self.input = input
        self.mssClampMTU = mssClampMTU
        self.defaultRouteMark = defaultRouteMark
        self.dns = dns
    }
}

/// Where the DNS of the enforced peers of an interface goes. Queries that would be forwarded nevertheless, over
/// connections that are older than the enforcement or without a forwarder of their family, are refused.
public struct FirewallDNS: Sendable, Hashable {
    /// Where the forwarder answers on the interface: one address for a family, IPv4 first.
    public var forwarders: [SocketAddress]
    /// Whether port 853, DNS over TLS and over QUIC, is refused.
    public var rejectsTLS: Bool

    /// An enforcement.
    public init(forwarders: [SocketAddress], rejectsTLS: Bool) {
        self.forwarders = forwarders
        self.rejectsTLS = rejectsTLS
    }
}

/// Our table as found.
public struct ObservedFirewall: Sendable, Hashable {
    /// The structure, or nil when there is no such table.
    public var structure: FirewallStructure?
    /// The members of the sets.
    public var elements: FirewallElements

    /// A finding; without arguments: there is no table.
    public init(structure: FirewallStructure? = nil, elements: FirewallElements = [:]) {
        self.structure = structure
        self.elements = elements
    }
}

/// How the structure of our table is recognised without understanding each of its rules.
public struct FirewallStructure: Sendable, Hashable {
    /// The digest of the policy that the table's comment names, hexadecimal; empty when it has none.
    public var policyDigest: String
    /// The digest of the listing without handles, counters and set elements, hexadecimal. It is compared with the one
    /// that was read back right after the table was written.
    public var listingDigest: String

    /// A structure.
    public init(policyDigest: String, listingDigest: String) {
        self.policyDigest = policyDigest
        self.listingDigest = listingDigest
    }
}
