/// A route (`ip-route(8)`) through a link.
public struct Route: Sendable, Hashable {
    /// The destination.
    public var destination: Prefix
    /// The name of the output link.
    public var interface: String
    /// The table; 254 is `main`.
    public var table: UInt32
    /// The metric; 0 for IPv4 without one. The kernel shows 1024 for IPv6 routes that were given none.
    public var metric: UInt32
    /// The routing protocol number (`rtm_protocol`).
    public var routeProtocol: UInt8

    /// The number of the main table.
    public static let mainTable: UInt32 = 254
    /// Our `rtm_protocol`: the routes and rules with this number are ours. Unassigned in `/etc/iproute2/rt_protos`.
    public static let ownProtocol: UInt8 = 173

    /// A route.
    public init(
        destination: Prefix, interface: String, table: UInt32 = Route.mainTable, metric: UInt32 = 0,
        routeProtocol: UInt8 = Route.ownProtocol
    ) {
        self.destination = destination
        self.interface = interface
        self.table = table
        self.metric = metric
        self.routeProtocol = routeProtocol
    }
}

/// A policy rule (`ip-rule(8)`) of ours.
public struct Rule: Sendable, Hashable {
    /// The family.
    public var family: AddressFamily
    /// The priority.
    public var priority: UInt32
    /// The source; nil = all.
    public var source: Prefix?
    /// The mark to match; nil = any.
    public var fwmark: UInt32?
    /// Whether the match is inverted (`not`).
    public var inverted: Bool
    /// The table to look up.
    public var table: UInt32
    /// `suppress_prefixlength`; nil = none.
    public var suppressPrefixLength: Int?

    /// A rule.
    public init(
        family: AddressFamily, priority: UInt32, source: Prefix? = nil, fwmark: UInt32? = nil, inverted: Bool = false,
        table: UInt32, suppressPrefixLength: Int? = nil
    ) {
        self.family = family
        self.priority = priority
        self.source = source
        self.fwmark = fwmark
        self.inverted = inverted
        self.table = table
        self.suppressPrefixLength = suppressPrefixLength
    }
}
