extension Span<UInt8> {
    /// Reads two octets in network order. The caller has checked that they are there; reading past the end traps.
    func uint16(at offset: Int) -> UInt16 { UInt16(self[offset]) << 8 | UInt16(self[offset + 1]) }

    /// Reads four octets in network order; the rules of ``uint16(at:)``.
    func uint32(at offset: Int) -> UInt32 { UInt32(uint16(at: offset)) << 16 | UInt32(uint16(at: offset + 2)) }

    /// Reads eight octets in network order; the rules of ``uint16(at:)``.
    func uint64(at offset: Int) -> UInt64 { UInt64(uint32(at: offset)) << 32 | UInt64(uint32(at: offset + 4)) }

    /// A copy of some of the octets.
    func array(_ range: Range<Int>) -> [UInt8] {
        var array: [UInt8] = []
        array.append(self, range)
        return array
    }
}

extension [UInt8] {
    /// Appends some of the octets of a message.
    mutating func append(_ message: Span<UInt8>, _ range: Range<Int>) {
        unsafe message.extracting(range).withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// Appends an integer in network order.
    mutating func append(uint16 value: UInt16) {
        append(UInt8(truncatingIfNeeded: value >> 8))
        append(UInt8(truncatingIfNeeded: value))
    }

    /// Appends an integer in network order.
    mutating func append(uint32 value: UInt32) {
        append(uint16: UInt16(truncatingIfNeeded: value >> 16))
        append(uint16: UInt16(truncatingIfNeeded: value))
    }

    /// Overwrites two octets by an integer in network order.
    mutating func store(uint16 value: UInt16, at offset: Int) {
        self[offset] = UInt8(truncatingIfNeeded: value >> 8)
        self[offset + 1] = UInt8(truncatingIfNeeded: value)
    }

    /// Overwrites four octets by an integer in network order.
    mutating func store(uint32 value: UInt32, at offset: Int) {
        store(uint16: UInt16(truncatingIfNeeded: value >> 16), at: offset)
        store(uint16: UInt16(truncatingIfNeeded: value), at: offset + 2)
    }
}
