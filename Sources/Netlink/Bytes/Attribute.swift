internal import CLibMnl

/// One attribute of a message: its type without the flag bits, and where its payload lies in the datagram.
///
/// It holds no bytes; every read names the buffer, so that walking a message allocates nothing.
struct Attribute {
    let type: Int
    let start: Int
    let end: Int

    var length: Int { end - start }

    /// The attributes nested in this one.
    var nested: AttributeCursor { AttributeCursor(start: start, end: end) }

    /// Reads an integer in host byte order. A longer payload is accepted, as the kernel does.
    func integer<T: FixedWidthInteger & BitwiseCopyable>(
        _ type: T.Type = T.self, in bytes: RawSpan
    ) throws(NetlinkError) -> T {
        try require(MemoryLayout<T>.size)
        return bytes.load(T.self, at: start)
    }

    /// Reads a string up to its terminating zero byte or the end of the payload. Invalid UTF-8 is repaired.
    func string(in bytes: RawSpan) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(length)
        for offset in start..<end {
            let byte: UInt8 = bytes.load(at: offset)
            if byte == 0 { break }
            text.append(byte)
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads an IPv4 or IPv6 address; the payload's length says which.
    func address(in bytes: RawSpan) throws(NetlinkError) -> NetlinkAddress {
        switch length {
        case 4: .ipv4(UInt32(bigEndian: bytes.load(at: start)))
        case 16: .ipv6(UInt64(bigEndian: bytes.load(at: start)), UInt64(bigEndian: bytes.load(at: start + 8)))
        default: throw .malformed("attribute \(type): an address of \(length) bytes")
        }
    }

    func require(_ minimum: Int) throws(NetlinkError) {
        guard length >= minimum else {
            throw .malformed("attribute \(type) needs \(minimum) bytes, it has \(length)")
        }
    }
}

/// Walks attributes (the macros `RTA_OK` and `RTA_NEXT`, man 3 rtnetlink).
struct AttributeCursor {
    private var offset: Int
    private let end: Int

    init(start: Int, end: Int) {
        self.offset = start
        self.end = end
    }

    mutating func next(in bytes: RawSpan) throws(NetlinkError) -> Attribute? {
        let rest = end - offset
        // Less than one header left is padding.
        guard rest >= 4 else { return nil }
        let length = Int(bytes.load(UInt16.self, at: offset))
        guard length >= 4, length <= rest else {
            throw .malformed("an attribute says it has \(length) bytes, \(rest) are left")
        }
        let type = Int(bytes.load(UInt16.self, at: offset + 2)) & ~Int(NLA_F_NESTED) & ~Int(NLA_F_NET_BYTEORDER)
        let attribute = Attribute(type: type, start: offset + 4, end: offset + length)
        offset += alignedToFour(length)
        return attribute
    }
}
