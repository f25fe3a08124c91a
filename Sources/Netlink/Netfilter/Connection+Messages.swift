internal import CLibMnl

extension Connection {
    /// The subsystem stands in the upper byte of a message's type.
    static let newType = NFNL_SUBSYS_CTNETLINK_value << 8 | IPCTNL_MSG_CT_NEW_value
    static let deleteType = NFNL_SUBSYS_CTNETLINK_value << 8 | IPCTNL_MSG_CT_DELETE_value
    private static let getType = NFNL_SUBSYS_CTNETLINK_value << 8 | IPCTNL_MSG_CT_GET_value
    /// Length of `struct nfgenmsg`: family, version, resource id.
    private static let headerLength = 4

    /// Decodes a connection; nil for a family other than IPv4 and IPv6. All integers are in network byte order.
    init?(decoding message: Message, in bytes: RawSpan) throws(NetlinkError) {
        try message.require(Self.headerLength, "a tracked connection")
        guard NetlinkFamily(rawValue: bytes.load(at: message.start)) != nil else { return nil }
        var id: UInt32?
        var original: (tuple: Tuple, protocolNumber: UInt8)?
        var reply: (tuple: Tuple, protocolNumber: UInt8)?
        var originalBytes: UInt64?
        var replyBytes: UInt64?
        var start: UInt64?
        var attributes = message.attributes(after: Self.headerLength)
        while let attribute = try attributes.next(in: bytes) {
            switch attribute.type {
            case CTA_ID: id = UInt32(bigEndian: try attribute.integer(in: bytes))
            case CTA_TUPLE_ORIG: original = try Self.tuple(attribute, bytes)
            case CTA_TUPLE_REPLY: reply = try Self.tuple(attribute, bytes)
            case CTA_COUNTERS_ORIG: originalBytes = try Self.number(CTA_COUNTERS_BYTES, in: attribute, bytes)
            case CTA_COUNTERS_REPLY: replyBytes = try Self.number(CTA_COUNTERS_BYTES, in: attribute, bytes)
            case CTA_TIMESTAMP: start = try Self.number(CTA_TIMESTAMP_START, in: attribute, bytes)
            default: break
            }
        }
        guard let id, let original, let reply else {
            throw .malformed("a tracked connection without CTA_ID and both its tuples")
        }
        self.init(
            id: id, protocolNumber: original.protocolNumber, original: original.tuple, reply: reply.tuple,
            originalBytes: originalBytes, replyBytes: replyBytes, start: start)
    }

    private static func tuple(
        _ attribute: Attribute, _ bytes: RawSpan
    ) throws(NetlinkError) -> (tuple: Tuple, protocolNumber: UInt8) {
        var source: NetlinkAddress?
        var destination: NetlinkAddress?
        var (sourcePort, destinationPort, protocolNumber): (UInt16, UInt16, UInt8) = (0, 0, 0)
        var parts = attribute.nested
        while let part = try parts.next(in: bytes) {
            var nested = part.nested
            switch part.type {
            case CTA_TUPLE_IP:
                while let field = try nested.next(in: bytes) {
                    switch field.type {
                    case CTA_IP_V4_SRC, CTA_IP_V6_SRC: source = try field.address(in: bytes)
                    case CTA_IP_V4_DST, CTA_IP_V6_DST: destination = try field.address(in: bytes)
                    default: break
                    }
                }
            case CTA_TUPLE_PROTO:
                while let field = try nested.next(in: bytes) {
                    switch field.type {
                    case CTA_PROTO_NUM: protocolNumber = try field.integer(in: bytes)
                    case CTA_PROTO_SRC_PORT: sourcePort = UInt16(bigEndian: try field.integer(in: bytes))
                    case CTA_PROTO_DST_PORT: destinationPort = UInt16(bigEndian: try field.integer(in: bytes))
                    default: break
                    }
                }
            default: break
            }
        }
        guard let source, let destination, source.family == destination.family else {
            throw .malformed("a tuple of a tracked connection without two addresses of one family")
        }
        return (
            Tuple(
                source: source, destination: destination, sourcePort: sourcePort, destinationPort: destinationPort),
            protocolNumber
        )
    }

    /// The 64-bit number of this type in an attribute that holds others; nil when there is none.
    private static func number(
        _ type: some AttributeType, in attribute: Attribute, _ bytes: RawSpan
    ) throws(NetlinkError) -> UInt64? {
        var nested = attribute.nested
        while let field = try nested.next(in: bytes) {
            if field.type == type.attributeType { return UInt64(bigEndian: try field.integer(in: bytes)) }
        }
        return nil
    }

    // conntrack -L
    static func dumpRequest() -> MessageBuilder {
        // IPCTNL_MSG_CT_GET_CTRZERO would take the counters away from everyone else who looks. Family 0 is all families.
        var request = MessageBuilder(type: getType)
        request.append(UInt32(0))
        return request
    }
}

private let NFNL_SUBSYS_CTNETLINK_value = Int(NFNL_SUBSYS_CTNETLINK)
private let IPCTNL_MSG_CT_NEW_value = Int(IPCTNL_MSG_CT_NEW.rawValue)
private let IPCTNL_MSG_CT_GET_value = Int(IPCTNL_MSG_CT_GET.rawValue)
private let IPCTNL_MSG_CT_DELETE_value = Int(IPCTNL_MSG_CT_DELETE.rawValue)
