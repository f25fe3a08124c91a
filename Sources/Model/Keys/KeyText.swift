/// The base64 form of a 32-byte key as `wg` writes it: 44 characters, the last one `=`, no other form of the same bits.
enum KeyText {
    /// Decodes 44 characters into four big-endian words; nil for any other text.
    static func decode(_ text: some Sequence<UInt8>) -> (UInt64, UInt64, UInt64, UInt64)? {
        var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        var accumulator: UInt32 = 0
        var bits = 0
        var written = 0
        var read = 0
        for character in text {
            if read == 43 {
                guard character == UInt8(ascii: "=") else { return nil }
                read += 1
                continue
            }
            let value = Base64.values[Int(character)]
            guard read < 43, value != 0xFF else { return nil }
            read += 1
            accumulator = accumulator << 6 | UInt32(value)
            bits += 6
            if bits >= 8 {
                bits -= 8
                let byte = UInt64(accumulator >> UInt32(bits) & 0xFF)
                accumulator &= (1 << UInt32(bits)) - 1
                switch written / 8 {
                case 0: words.0 = words.0 << 8 | byte
                case 1: words.1 = words.1 << 8 | byte
                case 2: words.2 = words.2 << 8 | byte
                default: words.3 = words.3 << 8 | byte
                }
                written += 1
            }
        }
        // Two bits are left over after 32 bytes; they must be zero, or two texts would name one key.
        return read == 44 && written == 32 && accumulator == 0 ? words : nil
    }

    static func encode(_ words: (UInt64, UInt64, UInt64, UInt64)) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(44)
        var accumulator: UInt32 = 0
        var bits: UInt32 = 0
        for word in [words.0, words.1, words.2, words.3] {
            for shift in stride(from: UInt64(56), through: 0, by: -8) {
                accumulator = accumulator << 8 | UInt32(word >> shift & 0xFF)
                bits += 8
                while bits >= 6 {
                    bits -= 6
                    text.append(Base64.alphabet[Int(accumulator >> bits & 0x3F)])
                }
                accumulator &= (1 << bits) - 1
            }
        }
        text.append(Base64.alphabet[Int(accumulator << (6 - bits) & 0x3F)])
        text.append(UInt8(ascii: "="))
        return String(decoding: text, as: UTF8.self)
    }
}
