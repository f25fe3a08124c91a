internal import CLibMnl

/// One netlink message inside a received datagram: the fields of `struct nlmsghdr` and where its payload lies.
struct Message {
    /// Length of `struct nlmsghdr`, which is also its aligned length.
    static let headerLength = 16

    let type: Int
    let flags: UInt16
    let sequence: UInt32
    let portID: UInt32
    /// The payload's place in the datagram, behind the header.
    let start: Int
    let end: Int

    func isSet(_ flag: Int32) -> Bool { flags & UInt16(truncatingIfNeeded: flag) != 0 }

    /// Throws unless the payload holds at least the family's fixed header.
    func require(_ length: Int, _ what: StaticString) throws(NetlinkError) {
        guard end - start >= length else {
            throw .malformed("\(what) needs \(length) bytes, the message has \(end - start)")
        }
    }

    /// The attributes behind the family's fixed header of this length.
    func attributes(after length: Int) -> AttributeCursor {
        AttributeCursor(start: min(start + alignedToFour(length), end), end: end)
    }
}

/// Walks the messages of one datagram (the macros `NLMSG_OK` and `NLMSG_NEXT`, man 3 netlink).
struct MessageCursor {
    private var offset = 0

    mutating func next(in bytes: RawSpan) throws(NetlinkError) -> Message? {
        let rest = bytes.byteCount - offset
        if rest <= 0 { return nil }
        guard rest >= Message.headerLength else {
            throw .malformed("\(rest) bytes instead of a message header")
        }
        let length = Int(bytes.load(UInt32.self, at: offset))
        guard length >= Message.headerLength, length <= rest else {
            throw .malformed("a message says it has \(length) bytes, \(rest) were received")
        }
        let message = Message(
            type: Int(bytes.load(UInt16.self, at: offset + 4)),
            flags: bytes.load(at: offset + 6),
            sequence: bytes.load(at: offset + 8),
            portID: bytes.load(at: offset + 12),
            start: offset + Message.headerLength,
            end: offset + length)
        offset += alignedToFour(length)
        return message
    }
}

/// Rounds up to the alignment of messages and attributes (`NLMSG_ALIGN`, `NLA_ALIGN`).
func alignedToFour(_ length: Int) -> Int { (length + 3) & ~3 }
