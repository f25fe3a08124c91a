/// The keys that were seen of late, as far as a small table of a fixed size tells: it may forget one early, and seldom
/// takes one for another.
struct SeenKeys {
    /// Places of two keys each.
    private static let count = 1 << 15

    /// Parts of the keys, the newer one of a place first. 0 stands for none.
    private var marks = [UInt32](repeating: 0, count: 2 * count)

    /// Notes a key; true if it was noted before.
    mutating func note(_ key: Int) -> Bool {
        let place = (key & (Self.count - 1)) * 2
        let mark = UInt32(truncatingIfNeeded: key >> 24) | 1
        if marks[place] == mark || marks[place + 1] == mark { return true }
        marks[place + 1] = marks[place]
        marks[place] = mark
        return false
    }
}
