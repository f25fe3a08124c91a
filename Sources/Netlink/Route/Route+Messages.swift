internal import CLibMnl

extension Route {
    /// Length of `struct rtmsg`: family, two prefix lengths, tos, table, protocol, scope, type, flags.
    private static let headerLength = 12

    /// Decodes a route; nil for a family other than IPv4 and IPv6, and for cached entries of a lookup (`RTM_F_CLONED`)
    /// unless they are wanted.
    init?(decoding message: Message, in bytes: RawSpan, cached: Bool = false) throws(NetlinkError) {
        try message.require(Self.headerLength, "a route")
        let flags: UInt32 = bytes.load(at: message.start + 8)
        guard let family = NetlinkFamily(rawValue: bytes.load(at: message.start)),
            cached || flags & UInt32(RTM_F_CLONED) == 0
        else { return nil }
        let destinationLength: UInt8 = bytes.load(at: message.start + 1)
        let sourceLength: UInt8 = bytes.load(at: message.start + 2)
        guard max(destinationLength, sourceLength) <= family.bitWidth else {
            throw .malformed("a route with prefix lengths \(destinationLength) and \(sourceLength)")
        }
        self.init(
            destination: NetlinkPrefix(.unspecified(family), length: destinationLength),
            table: UInt32(bytes.load(UInt8.self, at: message.start + 4)),
            originator: bytes.load(at: message.start + 5), scope: bytes.load(at: message.start + 6),
            type: bytes.load(at: message.start + 7))
        var attributes = message.attributes(after: Self.headerLength)
        while let attribute = try attributes.next(in: bytes) {
            switch attribute.type {
            case RTA_DST: destination.address = try attribute.address(in: bytes)
            case RTA_SRC: source = NetlinkPrefix(try attribute.address(in: bytes), length: sourceLength)
            case RTA_TABLE: table = try attribute.integer(in: bytes)
            case RTA_OIF: linkIndex = try attribute.integer(in: bytes)
            case RTA_GATEWAY: gateway = try attribute.address(in: bytes)
            case RTA_VIA: gateway = try Self.via(attribute, in: bytes)
            case RTA_PREFSRC: preferredSource = try attribute.address(in: bytes)
            case RTA_PRIORITY: metric = try attribute.integer(in: bytes)
            case RTA_MULTIPATH:
                isMultipath = true
                // struct rtnexthop: length, flags, hops, link index.
                if attribute.length >= 8 { linkIndex = bytes.load(at: attribute.start + 4) }
            case RTA_METRICS:
                var metrics = attribute.nested
                while let metric = try metrics.next(in: bytes) {
                    if metric.type == RTAX_MTU { mtu = try metric.integer(in: bytes) }
                }
            default: break
            }
        }
        guard destination.address.family == family, (source?.address ?? destination.address).family == family else {
            throw .malformed("a route with a prefix of another family")
        }
    }

    // ip -4|-6 route show [table TABLE] [dev LINK] [proto PROTOCOL]
    static func dumpRequest(_ family: NetlinkFamily, _ filter: RouteFilter) -> MessageBuilder {
        var request = MessageBuilder(type: RTM_GETROUTE)
        appendHeader(to: &request, family, originator: filter.originator ?? 0)
        if let table = filter.table { request.put(RTA_TABLE, table) }
        if let linkIndex = filter.linkIndex { request.put(RTA_OIF, linkIndex) }
        return request
    }

    // ip route get DESTINATION [from SOURCE] [mark MARK]
    static func getRequest(_ destination: NetlinkAddress, mark: UInt32?, from source: NetlinkAddress?)
        -> MessageBuilder
    {
        var request = MessageBuilder(type: RTM_GETROUTE)
        // Without the flag IPv4 answers "main" whatever the table; IPv6 always tells it, and refuses the flag.
        appendHeader(
            to: &request, destination.family, destinationLength: destination.family.bitWidth,
            sourceLength: source?.family.bitWidth ?? 0,
            flags: destination.family == .ipv4 ? UInt32(RTM_F_LOOKUP_TABLE) : 0)
        request.put(RTA_DST, destination)
        if let source { request.put(RTA_SRC, source) }
        if let mark { request.put(RTA_MARK, mark) }
        return request
    }

    // ip route add DESTINATION …
    var addRequest: MessageBuilder { request(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL) }

    // ip route replace DESTINATION …
    var replaceRequest: MessageBuilder { request(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_REPLACE) }

    // ip route delete DESTINATION …
    var deleteRequest: MessageBuilder { request(RTM_DELROUTE, 0) }

    private func request(_ type: Int, _ messageFlags: Int32) -> MessageBuilder {
        var request = MessageBuilder(type: type, flags: messageFlags)
        let family = destination.address.family
        // RT_TABLE_COMPAT (252) stands for a table that only RTA_TABLE can name.
        Self.appendHeader(
            to: &request, family, destinationLength: destination.length, sourceLength: source?.length ?? 0,
            table: UInt8(exactly: table) ?? 252, originator: originator, scope: scope, type: self.type)
        if destination.length > 0 { request.put(RTA_DST, destination.address) }
        if let source { request.put(RTA_SRC, source.address) }
        request.put(RTA_TABLE, table)
        if let linkIndex { request.put(RTA_OIF, linkIndex) }
        if let gateway { Self.put(gateway, of: family, into: &request) }
        if let preferredSource { request.put(RTA_PREFSRC, preferredSource) }
        if let metric { request.put(RTA_PRIORITY, metric) }
        if let mtu {
            let metrics = request.begin(RTA_METRICS)
            request.put(RTAX_MTU, mtu)
            request.end(metrics)
        }
        return request
    }

    /// A next hop of the other family is written as `struct rtvia`.
    private static func put(_ gateway: NetlinkAddress, of family: NetlinkFamily, into request: inout MessageBuilder) {
        if gateway.family == family { return request.put(RTA_GATEWAY, gateway) }
        let via = request.begin(RTA_VIA, isNested: false)
        request.append(UInt16(gateway.family.rawValue))
        request.append(gateway)
        request.end(via)
    }

    /// `struct rtvia`: a family and an address of it; nil for a family we don't know.
    private static func via(_ attribute: Attribute, in bytes: RawSpan) throws(NetlinkError) -> NetlinkAddress? {
        try attribute.require(2)
        return switch (bytes.load(UInt16.self, at: attribute.start), attribute.length) {
        case (2, 6), (10, 18):
            try Attribute(type: attribute.type, start: attribute.start + 2, end: attribute.end).address(in: bytes)
        default: nil
        }
    }

    private static func appendHeader(
        to request: inout MessageBuilder, _ family: NetlinkFamily, destinationLength: UInt8 = 0,
        sourceLength: UInt8 = 0, table: UInt8 = 0, originator: UInt8 = 0, scope: UInt8 = 0, type: UInt8 = 0,
        flags: UInt32 = 0
    ) {
        request.append(family.rawValue)
        request.append(destinationLength)
        request.append(sourceLength)
        request.append(UInt8(0))
        request.append(table)
        request.append(originator)
        request.append(scope)
        request.append(type)
        request.append(flags)
    }
}
