/// SHA-1 (RFC 3174), which ends git's index. A checksum here, no protection.
enum SHA1 {
    /// The digest of bytes, 20 bytes.
    static func digest(_ bytes: [UInt8]) -> [UInt8] {
        var state: (UInt32, UInt32, UInt32, UInt32, UInt32) = (
            0x6745_2301, 0xEFCD_AB89, 0x98BA_DCFE, 0x1032_5476, 0xC3D2_E1F0
        )
        let whole = bytes.count / 64 * 64
        unsafe bytes.withUnsafeBytes { buffer in
            for start in stride(from: 0, to: whole, by: 64) { unsafe add(buffer, start, &state) }
        }
        var rest = Array(bytes[whole...]) + [0x80]
        while rest.count % 64 != 56 { rest.append(0) }
        for shift in stride(from: 56, through: 0, by: -8) {
            rest.append(UInt8(truncatingIfNeeded: (UInt64(bytes.count) * 8) >> UInt64(shift)))
        }
        unsafe rest.withUnsafeBytes { buffer in
            for start in stride(from: 0, to: buffer.count, by: 64) { unsafe add(buffer, start, &state) }
        }
        return [state.0, state.1, state.2, state.3, state.4].flatMap { word in
            [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: word >> UInt32($0)) }
        }
    }

    private static func add(
        _ bytes: UnsafeRawBufferPointer, _ start: Int, _ state: inout (UInt32, UInt32, UInt32, UInt32, UInt32)
    ) {
        unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 80) { words in
            for index in 0..<16 {
                unsafe words[index] = UInt32(
                    bigEndian: bytes.loadUnaligned(fromByteOffset: start + index * 4, as: UInt32.self))
            }
            for index in 16..<80 {
                let word = unsafe words[index - 3] ^ words[index - 8] ^ words[index - 14] ^ words[index - 16]
                unsafe words[index] = word << 1 | word >> 31
            }
            var (a, b, c, d, e) = state
            for index in 0..<80 {
                let (f, k): (UInt32, UInt32) =
                    switch index {
                    case 0..<20: (b & c | ~b & d, 0x5A82_7999)
                    case 20..<40: (b ^ c ^ d, 0x6ED9_EBA1)
                    case 40..<60: (b & c | b & d | c & d, 0x8F1B_BCDC)
                    default: (b ^ c ^ d, 0xCA62_C1D6)
                    }
                let next = unsafe (a << 5 | a >> 27) &+ f &+ e &+ k &+ words[index]
                (e, d, c, b, a) = (d, c, b << 30 | b >> 2, a, next)
            }
            state = (state.0 &+ a, state.1 &+ b, state.2 &+ c, state.3 &+ d, state.4 &+ e)
        }
    }
}
