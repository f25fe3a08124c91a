/// A sparse set of 64-bit numbers that finds the next absent one in a few steps however large the range is.
///
/// A tree of 64-bit words: a bit of the lowest level says that a number is present, a bit of a higher level that the
/// whole word below it is. Words without any bit are not stored, so that memory is proportional to the members, and
/// the tree is at most eleven levels deep.
struct NumberSet: Sendable, Hashable {
    /// One level per six bits of 64.
    private static let depth = 11
    private var levels: [[UInt64: UInt64]] = [[:]]

    func contains(_ number: UInt64) -> Bool { word(0, number >> 6) & (1 << (number & 63)) != 0 }

    mutating func insert(_ number: UInt64) {
        var index = number
        for level in 0..<Self.depth {
            if level == levels.count { levels.append([:]) }
            let word = word(level, index >> 6) | 1 << (index & 63)
            levels[level][index >> 6] = word
            guard word == .max else { return }
            index >>= 6
        }
    }

    mutating func remove(_ number: UInt64) {
        var index = number
        for level in 0..<levels.count {
            let old = word(level, index >> 6)
            let new = old & ~(1 << (index & 63))
            levels[level][index >> 6] = new == 0 ? nil : new
            guard old == .max else { return }
            index >>= 6
        }
    }

    /// The smallest absent number that isn't below `number`.
    func firstAbsent(from number: UInt64) -> UInt64? {
        var level = 0
        var index = number
        // Up to the first word that has room behind us …
        while true {
            let room = ~word(level, index >> 6) & (.max << (index & 63))
            if room != 0 {
                index = index & ~63 | UInt64(room.trailingZeroBitCount)
                break
            }
            level += 1
            index = (index >> 6) + 1
            guard level < Self.depth else { return nil }
        }
        // … which may be the end of all numbers …
        if level > 0, index >> UInt64(64 - 6 * level) != 0 { return nil }
        // … and down along the words that aren't full.
        while level > 0 {
            level -= 1
            index = index << 6 | UInt64((~word(level, index)).trailingZeroBitCount)
        }
        return index
    }

    private func word(_ level: Int, _ key: UInt64) -> UInt64 { level < levels.count ? levels[level][key] ?? 0 : 0 }
}
