/// A place in a message, and where the part that is read ends: the message itself or the RDATA of a record.
///
/// It holds no bytes; every read names the message, so that walking one allocates nothing.
struct WireCursor {
    private(set) var offset: Int
    let end: Int

    /// A cursor over `message` from `offset` to its end.
    init(_ message: Span<UInt8>, offset: Int = 0) {
        self.offset = offset
        end = message.count
    }

    private init(offset: Int, end: Int) {
        self.offset = offset
        self.end = end
    }

    var remaining: Int { end - offset }

    /// Splits off the next `length` octets and moves behind them.
    mutating func part(length: Int) throws(WireFault) -> WireCursor {
        let start = offset
        try skip(length)
        return WireCursor(offset: start, end: offset)
    }

    mutating func skip(_ length: Int) throws(WireFault) {
        guard remaining >= length else { throw .truncated(offset: offset) }
        offset += length
    }

    mutating func uint16(in message: Span<UInt8>) throws(WireFault) -> UInt16 {
        try skip(2)
        return message.uint16(at: offset - 2)
    }

    mutating func uint32(in message: Span<UInt8>) throws(WireFault) -> UInt32 {
        try skip(4)
        return message.uint32(at: offset - 4)
    }

    /// Moves behind a string with its length in front (RFC 1035 3.3).
    mutating func skipString(in message: Span<UInt8>) throws(WireFault) {
        guard remaining > 0 else { throw .truncated(offset: offset) }
        try skip(1 + Int(message[offset]))
    }

    /// The octets that are left.
    func rest(of message: Span<UInt8>) -> [UInt8] { message.array(offset..<end) }

    /// Moves to an offset that was measured already.
    mutating func move(to offset: Int) { self.offset = offset }
}
