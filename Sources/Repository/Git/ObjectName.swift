/// The name of a git object: 20 bytes (SHA-1) or 32 bytes (SHA-256).
struct ObjectName: Hashable, Sendable, CustomStringConvertible {
    private let words: [UInt64]

    /// A name from its bytes; nil for any count but 20 and 32.
    init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 20 || bytes.count == 32 else { return nil }
        var words: [UInt64] = []
        words.reserveCapacity(4)
        var word: UInt64 = 0
        var filled = 0
        for byte in bytes {
            word = word << 8 | UInt64(byte)
            filled += 1
            if filled % 8 == 0 { words.append(word) }
        }
        if filled % 8 != 0 { words.append(word) }
        self.words = words
    }

    /// A name from hexadecimal text of 40 or 64 characters.
    init?(hexadecimal text: some Collection<UInt8>) {
        guard text.count == 40 || text.count == 64 else { return nil }
        var bytes: [UInt8] = []
        var high: UInt8?
        for character in text {
            let digit: UInt8
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = character - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = character - UInt8(ascii: "a") + 10
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | digit)
                high = nil
            } else {
                high = digit
            }
        }
        self.init(bytes: bytes)
    }

    /// The count of its bytes.
    var count: Int { words.count == 3 ? 20 : 32 }

    /// Its bytes.
    var bytes: [UInt8] {
        words.enumerated().flatMap { index, word in
            stride(from: index == 2 && count == 20 ? 24 : 56, through: 0, by: -8).map {
                UInt8(truncatingIfNeeded: word >> UInt64($0))
            }
        }
    }

    /// Hexadecimal text as UTF-8.
    var hexadecimal: [UInt8] {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(count * 2)
        for (index, word) in words.enumerated() {
            let bits = UInt64(index == 2 && count == 20 ? 32 : 64)
            for shift in stride(from: Int(bits) - 4, through: 0, by: -4) {
                text.append(digits[Int(word >> UInt64(shift) & 0xF)])
            }
        }
        return text
    }

    /// Hexadecimal text.
    var description: String { String(decoding: hexadecimal, as: UTF8.self) }
}
