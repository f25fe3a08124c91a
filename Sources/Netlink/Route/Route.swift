/// A route (`RTM_NEWROUTE`, man 7 rtnetlink, `<linux/rtnetlink.h>`).
public struct Route: Hashable, Sendable {
    /// Where it leads; length 0 is the default route (`RTA_DST`).
    public var destination: NetlinkPrefix
    /// For packets from this prefix only, IPv6 (`RTA_SRC`).
    public var source: NetlinkPrefix?
    /// The routing table, 254 main, 255 local (`RTA_TABLE`).
    public var table: UInt32
    /// Who made it, `RTPROT_*`: 2 kernel, 3 boot, 4 static, or a number of `/etc/iproute2/rt_protos`.
    public var originator: UInt8
    /// `RT_SCOPE_*`: 0 universe, 253 link, 254 host.
    public var scope: UInt8
    /// `RTN_*`: 1 unicast, 2 local, 3 broadcast, 6 blackhole, 7 unreachable, 8 prohibit.
    public var type: UInt8
    /// The link that packets leave by (`RTA_OIF`), of a multipath route the first one's; nil for blackholes.
    public var linkIndex: Int32?
    /// The next hop (`RTA_GATEWAY`); of the other family for `RTA_VIA`.
    public var gateway: NetlinkAddress?
    /// The source address for packets of this host (`RTA_PREFSRC`).
    public var preferredSource: NetlinkAddress?
    /// The metric, lower wins (`RTA_PRIORITY`). IPv6 turns an absent one into 1024.
    public var metric: UInt32?
    /// The path MTU in bytes, when the route has one of its own (`RTAX_MTU` in `RTA_METRICS`).
    public var mtu: UInt32?
    /// It has several next hops (`RTA_MULTIPATH`), of which only the first one's link is decoded.
    public var isMultipath: Bool

    /// A unicast route. Without `scope`: link for IPv4 without gateway, else universe, as `ip route` chooses.
    public init(
        destination: NetlinkPrefix, source: NetlinkPrefix? = nil, table: UInt32 = Route.mainTable,
        originator: UInt8 = Route.staticOriginator, scope: UInt8? = nil, type: UInt8 = Route.unicast,
        linkIndex: Int32? = nil, gateway: NetlinkAddress? = nil, preferredSource: NetlinkAddress? = nil,
        metric: UInt32? = nil, mtu: UInt32? = nil
    ) {
        self.destination = destination
        self.source = source
        self.table = table
        self.originator = originator
        let isDirect = destination.address.family == .ipv4 && gateway == nil && type == Route.unicast
        self.scope = scope ?? (isDirect ? Route.linkScope : Route.universeScope)
        self.type = type
        self.linkIndex = linkIndex
        self.gateway = gateway
        self.preferredSource = preferredSource
        self.metric = metric
        self.mtu = mtu
        isMultipath = false
    }

    /// `RT_TABLE_MAIN`.
    public static let mainTable: UInt32 = 254
    /// `RT_TABLE_LOCAL`.
    public static let localTable: UInt32 = 255
    /// `RTPROT_KERNEL`: made by the kernel for an address.
    public static let kernelOriginator: UInt8 = 2
    /// `RTPROT_STATIC`: made by an administrator.
    public static let staticOriginator: UInt8 = 4
    /// `RTN_UNICAST`.
    public static let unicast: UInt8 = 1
    /// `RT_SCOPE_UNIVERSE`.
    public static let universeScope: UInt8 = 0
    /// `RT_SCOPE_LINK`.
    public static let linkScope: UInt8 = 253
}

/// Which routes to list; nil takes all.
public struct RouteFilter: Hashable, Sendable {
    /// Of one family.
    public var family: NetlinkFamily?
    /// Of one table.
    public var table: UInt32?
    /// Leaving by one link. The kernel answers `ENODEV` for an index that doesn't exist.
    public var linkIndex: Int32?
    /// Made by one originator (`RTPROT_*`).
    public var originator: UInt8?

    /// A filter with the given values.
    public init(
        family: NetlinkFamily? = nil, table: UInt32? = nil, linkIndex: Int32? = nil, originator: UInt8? = nil
    ) {
        self.family = family
        self.table = table
        self.linkIndex = linkIndex
        self.originator = originator
    }

    func matches(_ route: Route) -> Bool {
        (family == nil || family == route.destination.address.family) && (table == nil || table == route.table)
            && (linkIndex == nil || linkIndex == route.linkIndex)
            && (originator == nil || originator == route.originator)
    }
}
