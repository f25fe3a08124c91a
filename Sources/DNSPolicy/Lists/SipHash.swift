/// SipHash-1-3 (Aumasson and Bernstein, https://www.aumasson.jp/siphash/): a 64-bit hash under a secret key, so that
/// nobody who writes a list can make two names collide.
struct SipHash: Sendable, Hashable {
    /// The two halves of the key, each in little-endian order of its 8 bytes.
    let key: (UInt64, UInt64)
    /// Rounds for each 8 bytes, and at the end: 1 and 3 here; 2 and 4 for the published test vectors.
    var rounds = (each: 1, last: 3)

    static func == (a: Self, b: Self) -> Bool { a.key == b.key && a.rounds == b.rounds }

    func hash(into hasher: inout Hasher) {
        hasher.combine(key.0)
        hasher.combine(key.1)
    }

    /// The hash of some bytes.
    @inline(__always)
    func hash(_ bytes: Span<UInt8>) -> UInt64 {
        var state = State(key)
        let whole = bytes.count & ~7
        let raw = unsafe bytes.bytes
        var index = 0
        while index < whole {
            let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            state.take(UInt64(littleEndian: word), rounds: rounds.each)
            index += 8
        }
        let rest = Self.word(bytes, at: whole, count: bytes.count - whole)
        state.take(rest | UInt64(truncatingIfNeeded: bytes.count) << 56, rounds: rounds.each)
        return state.end(rounds: rounds.last)
    }

    @inline(__always)
    private static func word(_ bytes: Span<UInt8>, at start: Int, count: Int) -> UInt64 {
        var word: UInt64 = 0
        for index in 0..<count { word |= UInt64(bytes[start &+ index]) &<< UInt64(8 &* index) }
        return word
    }

    private struct State {
        var v0, v1, v2, v3: UInt64

        init(_ key: (UInt64, UInt64)) {
            v0 = key.0 ^ 0x736f_6d65_7073_6575
            v1 = key.1 ^ 0x646f_7261_6e64_6f6d
            v2 = key.0 ^ 0x6c79_6765_6e65_7261
            v3 = key.1 ^ 0x7465_6462_7974_6573
        }

        @inline(__always)
        mutating func round() {
            v0 &+= v1
            v2 &+= v3
            v1 = (v1 &<< 13 | v1 &>> 51) ^ v0
            v3 = (v3 &<< 16 | v3 &>> 48) ^ v2
            v0 = v0 &<< 32 | v0 &>> 32
            v2 &+= v1
            v0 &+= v3
            v1 = (v1 &<< 17 | v1 &>> 47) ^ v2
            v3 = (v3 &<< 21 | v3 &>> 43) ^ v0
            v2 = v2 &<< 32 | v2 &>> 32
        }

        @inline(__always)
        mutating func take(_ word: UInt64, rounds: Int) {
            v3 ^= word
            for _ in 0..<rounds { round() }
            v0 ^= word
        }

        @inline(__always)
        mutating func end(rounds: Int) -> UInt64 {
            v2 ^= 0xff
            for _ in 0..<rounds { round() }
            return v0 ^ v1 ^ v2 ^ v3
        }
    }
}
