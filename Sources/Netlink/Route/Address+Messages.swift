internal import CLibMnl

extension Address {
    /// Length of `struct ifaddrmsg`: family, prefix length, flags, scope, link index.
    private static let headerLength = 8

    /// Decodes an address; nil for a family other than IPv4 and IPv6.
    init?(decoding message: Message, in bytes: RawSpan) throws(NetlinkError) {
        try message.require(Self.headerLength, "an address")
        guard let family = NetlinkFamily(rawValue: bytes.load(at: message.start)) else { return nil }
        let length: UInt8 = bytes.load(at: message.start + 1)
        guard length <= family.bitWidth else { throw .malformed("an address with prefix length \(length)") }
        var flags = UInt32(bytes.load(UInt8.self, at: message.start + 2))
        var local: NetlinkAddress?
        var address: NetlinkAddress?
        var originator: UInt8?
        var attributes = message.attributes(after: Self.headerLength)
        while let attribute = try attributes.next(in: bytes) {
            switch attribute.type {
            case IFA_LOCAL: local = try attribute.address(in: bytes)
            case IFA_ADDRESS: address = try attribute.address(in: bytes)
            case IFA_FLAGS: flags = try attribute.integer(in: bytes)
            case IFA_PROTO: originator = try attribute.integer(in: bytes)
            default: break
            }
        }
        guard let own = local ?? address, own.family == family, (address ?? own).family == family else {
            throw .malformed("an address without IFA_LOCAL and IFA_ADDRESS of its family")
        }
        self.init(
            linkIndex: bytes.load(at: message.start + 4), prefix: NetlinkPrefix(own, length: length),
            peer: address == own ? nil : address, scope: bytes.load(at: message.start + 3), flags: flags,
            originator: originator)
    }

    // ip -4|-6 address show [dev LINK]
    static func dumpRequest(_ family: NetlinkFamily, linkIndex: Int32) -> MessageBuilder {
        var request = MessageBuilder(type: RTM_GETADDR)
        appendHeader(to: &request, family, linkIndex: linkIndex)
        return request
    }

    // ip address add PREFIX dev LINK [scope SCOPE] [nodad] [proto PROTOCOL]
    var addRequest: MessageBuilder {
        var request = request(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL)
        if flags != 0 { request.put(IFA_FLAGS, flags) }
        if let originator { request.put(IFA_PROTO, originator) }
        return request
    }

    // ip address delete PREFIX dev LINK
    var deleteRequest: MessageBuilder { request(RTM_DELADDR, 0) }

    private func request(_ type: Int, _ messageFlags: Int32) -> MessageBuilder {
        var request = MessageBuilder(type: type, flags: messageFlags)
        Self.appendHeader(
            to: &request, prefix.address.family, length: prefix.length, flags: UInt8(truncatingIfNeeded: flags),
            scope: scope, linkIndex: linkIndex)
        request.put(IFA_LOCAL, prefix.address)
        request.put(IFA_ADDRESS, peer ?? prefix.address)
        return request
    }

    private static func appendHeader(
        to request: inout MessageBuilder, _ family: NetlinkFamily, length: UInt8 = 0, flags: UInt8 = 0,
        scope: UInt8 = 0, linkIndex: Int32
    ) {
        request.append(family.rawValue)
        request.append(length)
        request.append(flags)
        request.append(scope)
        request.append(linkIndex)
    }
}
