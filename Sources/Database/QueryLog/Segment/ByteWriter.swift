/// Puts numbers and texts together to bytes: numbers in 7 bits a byte, the lowest first.
struct ByteWriter {
    private(set) var bytes: [UInt8] = []

    mutating func put(_ number: UInt64) {
        var rest = number
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func put(raw: some Collection<UInt8>) { bytes.append(contentsOf: raw) }

    mutating func put(_ text: String) {
        put(UInt64(text.utf8.count))
        bytes.append(contentsOf: text.utf8)
    }

    /// A text that may be missing: its length and 1, or 0.
    mutating func put(optional text: String?) {
        put(text.map { UInt64($0.utf8.count) + 1 } ?? 0)
        if let text { bytes.append(contentsOf: text.utf8) }
    }

    /// A column: how many bytes a number takes, 0 to 4, and the numbers, the low byte first.
    mutating func put(column: [UInt32]) {
        let bits = UInt32.bitWidth - (column.max() ?? 0).leadingZeroBitCount
        let width = (bits + 7) / 8
        bytes.append(UInt8(width))
        bytes.reserveCapacity(bytes.count + width * column.count)
        switch width {
        case 0: return
        case 1: bytes.append(contentsOf: column.lazy.map { UInt8(truncatingIfNeeded: $0) })
        default:
            for value in column {
                var rest = value
                for _ in 0..<width {
                    bytes.append(UInt8(truncatingIfNeeded: rest))
                    rest >>= 8
                }
            }
        }
    }
}
