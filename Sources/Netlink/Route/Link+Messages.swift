internal import CLibMnl

extension Link {
    /// Length of `struct ifinfomsg`: family, padding, hardware type, index, flags, change mask.
    private static let headerLength = 16

    /// Decodes a link; what moved on it only when it is asked for, so that equal news are equal.
    init(decoding message: Message, in bytes: RawSpan, withStatistics: Bool = false) throws(NetlinkError) {
        try message.require(Self.headerLength, "a link")
        self.init(
            index: bytes.load(at: message.start + 4), name: "", hardwareType: bytes.load(at: message.start + 2),
            flags: bytes.load(at: message.start + 8))
        var attributes = message.attributes(after: Self.headerLength)
        while let attribute = try attributes.next(in: bytes) {
            switch attribute.type {
            case IFLA_IFNAME: name = attribute.string(in: bytes)
            case IFLA_MTU: mtu = try attribute.integer(in: bytes)
            case IFLA_IFALIAS: alias = attribute.string(in: bytes)
            case IFLA_LINK: lowerIndex = try attribute.integer(in: bytes)
            case IFLA_LINK_NETNSID: lowerNamespaceID = try attribute.integer(in: bytes)
            case IFLA_MASTER: masterIndex = try attribute.integer(in: bytes)
            case IFLA_STATS64 where withStatistics: statistics = try Statistics(decoding: attribute, in: bytes)
            case IFLA_LINKINFO:
                var nested = attribute.nested
                while let info = try nested.next(in: bytes) {
                    if info.type == IFLA_INFO_KIND { kind = info.string(in: bytes) }
                }
            default: break
            }
        }
    }

    // ip link show
    static func dumpRequest() -> MessageBuilder {
        var request = header(RTM_GETLINK)
        // Skips those of address families only: IFLA_STATS64 comes all the same.
        request.put(IFLA_EXT_MASK, UInt32(RTEXT_FILTER_SKIP_STATS))
        return request
    }

    // ip link show dev NAME
    static func getRequest(name: String) -> MessageBuilder {
        var request = header(RTM_GETLINK)
        request.put(IFLA_IFNAME, name)
        request.put(IFLA_EXT_MASK, UInt32(RTEXT_FILTER_SKIP_STATS))
        return request
    }

    static func getRequest(index: Int32) -> MessageBuilder {
        var request = header(RTM_GETLINK, index: index)
        request.put(IFLA_EXT_MASK, UInt32(RTEXT_FILTER_SKIP_STATS))
        return request
    }

    // ip link add NAME mtu MTU type KIND
    static func addRequest(name: String, kind: LinkKind, mtu: UInt32?) -> MessageBuilder {
        var request = header(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL)
        request.put(IFLA_IFNAME, name)
        if let mtu { request.put(IFLA_MTU, mtu) }
        let information = request.begin(IFLA_LINKINFO)
        request.put(IFLA_INFO_KIND, kind.name)
        if case .veth(let peer) = kind {
            let data = request.begin(IFLA_INFO_DATA)
            let end = request.begin(VETH_INFO_PEER)
            appendHeader(to: &request)
            request.put(IFLA_IFNAME, peer)
            request.end(end)
            request.end(data)
        }
        request.end(information)
        return request
    }

    // ip link set dev NAME [mtu MTU] [up|down] [alias TEXT] [netns FD]
    static func setRequest(index: Int32, _ changes: LinkChanges) -> MessageBuilder {
        let up = UInt32(IFF_UP.rawValue)
        var request = header(
            RTM_NEWLINK, index: index, flags: changes.isUp == true ? up : 0, change: changes.isUp == nil ? 0 : up)
        if let mtu = changes.mtu { request.put(IFLA_MTU, mtu) }
        if let alias = changes.alias { request.put(IFLA_IFALIAS, alias) }
        if let descriptor = changes.namespaceDescriptor { request.put(IFLA_NET_NS_FD, descriptor) }
        return request
    }

    // ip link delete dev NAME
    static func deleteRequest(index: Int32) -> MessageBuilder { header(RTM_DELLINK, index: index) }

    private static func header(
        _ type: Int, _ messageFlags: Int32 = 0, index: Int32 = 0, flags: UInt32 = 0, change: UInt32 = 0
    ) -> MessageBuilder {
        var request = MessageBuilder(type: type, flags: messageFlags)
        appendHeader(to: &request, index: index, flags: flags, change: change)
        return request
    }

    private static func appendHeader(
        to request: inout MessageBuilder, index: Int32 = 0, flags: UInt32 = 0, change: UInt32 = 0
    ) {
        request.append(UInt16(0))
        request.append(UInt16(0))
        request.append(index)
        request.append(flags)
        request.append(change)
    }
}

extension Link.Statistics {
    init(decoding attribute: Attribute, in bytes: RawSpan) throws(NetlinkError) {
        // The first fields of struct rtnl_link_stats64, which is aligned to four bytes only.
        try attribute.require(32)
        self.init(
            receivedPackets: bytes.load(at: attribute.start), sentPackets: bytes.load(at: attribute.start + 8),
            receivedBytes: bytes.load(at: attribute.start + 16), sentBytes: bytes.load(at: attribute.start + 24))
    }
}
