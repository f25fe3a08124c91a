internal import CLibMnl

extension Rule {
    /// Length of `struct fib_rule_hdr`: family, two prefix lengths, tos, table, two reserved bytes, action, flags.
    private static let headerLength = 12

    /// Decodes a rule; nil for a family other than IPv4 and IPv6.
    init?(decoding message: Message, in bytes: RawSpan) throws(NetlinkError) {
        try message.require(Self.headerLength, "a rule")
        guard let family = NetlinkFamily(rawValue: bytes.load(at: message.start)) else { return nil }
        let destinationLength: UInt8 = bytes.load(at: message.start + 1)
        let sourceLength: UInt8 = bytes.load(at: message.start + 2)
        guard max(destinationLength, sourceLength) <= family.bitWidth else {
            throw .malformed("a rule with prefix lengths \(destinationLength) and \(sourceLength)")
        }
        let flags: UInt32 = bytes.load(at: message.start + 8)
        self.init(
            family: family, priority: 0, table: UInt32(bytes.load(UInt8.self, at: message.start + 4)),
            action: bytes.load(at: message.start + 7), isInverted: flags & UInt32(FIB_RULE_INVERT) != 0,
            originator: 0)
        var attributes = message.attributes(after: Self.headerLength)
        while let attribute = try attributes.next(in: bytes) {
            switch attribute.type {
            case FRA_PRIORITY: priority = try attribute.integer(in: bytes)
            case FRA_TABLE: table = try attribute.integer(in: bytes)
            case FRA_FWMARK: mark = try attribute.integer(in: bytes)
            case FRA_FWMASK: markMask = try attribute.integer(in: bytes)
            case FRA_SUPPRESS_PREFIXLEN:
                // The kernel reports -1 for a rule that suppresses nothing.
                let length: UInt32 = try attribute.integer(in: bytes)
                suppressPrefixLength = length == .max ? nil : length
            case FRA_SRC: source = NetlinkPrefix(try attribute.address(in: bytes), length: sourceLength)
            case FRA_DST: destination = NetlinkPrefix(try attribute.address(in: bytes), length: destinationLength)
            case FRA_IIFNAME: inputLink = attribute.string(in: bytes)
            case FRA_OIFNAME: outputLink = attribute.string(in: bytes)
            case FRA_PROTOCOL: originator = try attribute.integer(in: bytes)
            default: break
            }
        }
        // A length of one family is no length of the other.
        guard (source?.address ?? .unspecified(family)).family == family,
            (destination?.address ?? .unspecified(family)).family == family
        else { throw .malformed("a rule with a prefix of another family") }
    }

    // ip -4|-6 rule show
    static func dumpRequest(_ family: NetlinkFamily) -> MessageBuilder {
        var request = MessageBuilder(type: RTM_GETRULE)
        request.append(UInt32(family.rawValue).littleEndian)
        request.append(UInt64(0))
        return request
    }

    // ip rule add pref PRIORITY [not] [from PREFIX] [to PREFIX] [fwmark MARK/MASK] [iif NAME] lookup TABLE …
    var addRequest: MessageBuilder { request(RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL) }

    // ip rule delete …
    var deleteRequest: MessageBuilder { request(RTM_DELRULE, 0) }

    private func request(_ type: Int, _ messageFlags: Int32) -> MessageBuilder {
        var request = MessageBuilder(type: type, flags: messageFlags)
        request.append(family.rawValue)
        request.append(destination?.length ?? 0)
        request.append(source?.length ?? 0)
        request.append(UInt8(0))
        // RT_TABLE_COMPAT (252) stands for a table that only FRA_TABLE can name.
        request.append(UInt8(exactly: table) ?? 252)
        request.append(UInt16(0))
        request.append(action)
        request.append(isInverted ? UInt32(FIB_RULE_INVERT) : 0)
        request.put(FRA_PRIORITY, priority)
        if table != 0 { request.put(FRA_TABLE, table) }
        if let mark { request.put(FRA_FWMARK, mark) }
        if let markMask { request.put(FRA_FWMASK, markMask) }
        if let suppressPrefixLength { request.put(FRA_SUPPRESS_PREFIXLEN, suppressPrefixLength) }
        if let source { request.put(FRA_SRC, source.address) }
        if let destination { request.put(FRA_DST, destination.address) }
        if let inputLink { request.put(FRA_IIFNAME, inputLink) }
        if let outputLink { request.put(FRA_OIFNAME, outputLink) }
        request.put(FRA_PROTOCOL, originator)
        return request
    }
}
