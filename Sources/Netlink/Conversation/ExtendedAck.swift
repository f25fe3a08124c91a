internal import CLibMnl

/// The verdict that ends a conversation: `struct nlmsgerr` or the payload of `NLMSG_DONE`, with its extended
/// acknowledgement (`<linux/netlink.h>`).
struct ExtendedAck {
    /// Zero for success, else the positive error number.
    private(set) var errno: Int32 = 0
    private(set) var message: String?
    private(set) var offset: UInt32?
    private(set) var missingType: UInt32?

    /// Decodes a message of type `NLMSG_ERROR`.
    init(error: Message, in bytes: RawSpan) throws(NetlinkError) {
        try error.require(4 + Message.headerLength, "an acknowledgement")
        errno = Self.positive(bytes.load(at: error.start))
        guard error.isSet(NLM_F_ACK_TLVS) else { return }
        // Without NLM_F_CAPPED the whole refused request stands before the attributes.
        var skipped = 4 + Message.headerLength
        if !error.isSet(NLM_F_CAPPED) {
            let requestLength = Int(bytes.load(UInt32.self, at: error.start + 4))
            skipped = 4 + max(Message.headerLength, alignedToFour(requestLength))
        }
        try decode(error.attributes(after: skipped), in: bytes)
    }

    /// Decodes a message of type `NLMSG_DONE`; its error number is absent in old kernels' answers.
    init(done: Message, in bytes: RawSpan) throws(NetlinkError) {
        guard done.end - done.start >= 4 else { return }
        errno = Self.positive(bytes.load(at: done.start))
        if done.isSet(NLM_F_ACK_TLVS) { try decode(done.attributes(after: 4), in: bytes) }
    }

    /// Throws the refusal unless the verdict is success.
    func check(_ operation: () -> String) throws(NetlinkError) {
        guard errno != 0 else { return }
        throw .refused(
            NetlinkRefusal(
                operation: operation(), errno: errno, message: message, offset: offset, missingType: missingType))
    }

    private mutating func decode(_ attributes: AttributeCursor, in bytes: RawSpan) throws(NetlinkError) {
        var attributes = attributes
        while let attribute = try attributes.next(in: bytes) {
            switch attribute.type {
            case NLMSGERR_ATTR_MSG: message = attribute.string(in: bytes)
            case NLMSGERR_ATTR_OFFS: offset = try attribute.integer(in: bytes)
            case NLMSGERR_ATTR_MISS_TYPE: missingType = try attribute.integer(in: bytes)
            default: break
            }
        }
    }

    private static func positive(_ error: Int32) -> Int32 { error < 0 ? 0 &- error : error }
}
