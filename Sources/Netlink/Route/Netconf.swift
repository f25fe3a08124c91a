internal import CLibMnl

/// Per-link settings that decide forwarding (`RTM_NEWNETCONF`, `<linux/netconf.h>`); nil where the kernel doesn't say.
public struct Netconf: Hashable, Sendable {
    /// The family the settings belong to.
    public var family: NetlinkFamily
    /// The link's index, or `allLinks` or `defaultLink`.
    public var linkIndex: Int32
    /// `net.ipv4.conf.LINK.forwarding`, `net.ipv6.conf.LINK.forwarding`.
    public var isForwarding: Bool?
    /// `net.ipv4.conf.LINK.rp_filter`: 0 off, 1 strict, 2 loose.
    public var reversePathFilter: Int32?
    /// `net.ipv6.conf.LINK.force_forwarding`, since Linux 6.17.
    public var isForceForwarding: Bool?

    /// `NETCONFA_IFINDEX_ALL`: the settings of `conf/all`.
    public static let allLinks: Int32 = -1
    /// `NETCONFA_IFINDEX_DEFAULT`: the settings of `conf/default`.
    public static let defaultLink: Int32 = -2

    /// Settings with the given values.
    public init(
        family: NetlinkFamily, linkIndex: Int32, isForwarding: Bool? = nil, reversePathFilter: Int32? = nil,
        isForceForwarding: Bool? = nil
    ) {
        self.family = family
        self.linkIndex = linkIndex
        self.isForwarding = isForwarding
        self.reversePathFilter = reversePathFilter
        self.isForceForwarding = isForceForwarding
    }
}

extension Netconf {
    /// `NETCONFA_FORCE_FORWARDING`, since Linux 6.17, not yet in Debian 12's header.
    private static let NETCONFA_FORCE_FORWARDING = 9

    /// Decodes settings; nil for a family other than IPv4 and IPv6.
    init?(decoding message: Message, in bytes: RawSpan) throws(NetlinkError) {
        try message.require(1, "a netconf message")
        guard let family = NetlinkFamily(rawValue: bytes.load(at: message.start)) else { return nil }
        self.init(family: family, linkIndex: 0)
        // struct netconfmsg is one byte, padded to four.
        var attributes = message.attributes(after: 1)
        while let attribute = try attributes.next(in: bytes) {
            switch attribute.type {
            case NETCONFA_IFINDEX: linkIndex = try attribute.integer(in: bytes)
            case NETCONFA_FORWARDING: isForwarding = try attribute.integer(Int32.self, in: bytes) != 0
            case NETCONFA_RP_FILTER: reversePathFilter = try attribute.integer(in: bytes)
            case Self.NETCONFA_FORCE_FORWARDING:
                isForceForwarding = try attribute.integer(Int32.self, in: bytes) != 0
            default: break
            }
        }
    }

    // ip -4|-6 netconf show
    static func dumpRequest(_ family: NetlinkFamily) -> MessageBuilder {
        var request = MessageBuilder(type: RTM_GETNETCONF)
        request.append(UInt32(family.rawValue).littleEndian)
        return request
    }
}

extension RouteSocket {
    /// The settings of every link, of `conf/all` and of `conf/default`, for one family or both.
    public func netconf(_ family: NetlinkFamily? = nil) throws(NetlinkError) -> [Netconf] {
        var settings: [Netconf] = []
        for wanted in NetlinkFamily.allCases where family == nil || family == wanted {
            settings += try conversation.dump(Netconf.dumpRequest(wanted), [], "list netconf") {
                (found: inout [Netconf], message, bytes) throws(NetlinkError) in
                guard message.type == RTM_NEWNETCONF, let setting = try Netconf(decoding: message, in: bytes),
                    setting.family == wanted
                else { return }
                found.append(setting)
            }
        }
        return settings
    }
}
