/// Names of a list, each with its line: 12 bytes a place, three of four places taken, so 16 bytes a name.
///
/// Open addressing by the name's 64-bit keyed hash. The names themselves are not kept: two of n names that differ are
/// taken for one with a chance of n ÷ 2⁶⁴ per question, and nobody can aim at it without the key.
struct NameTable: Sendable {
    /// The hashes, 0 where a place is free; exact entries are mixed with `exactMark`.
    private let hashes: [UInt64]
    /// The lines of the entries, from 1.
    private let lines: [UInt32]
    /// How many entries there are.
    let count: Int

    /// Told apart from a subtree entry of the same name.
    private static let exactMark: UInt64 = 0x9e37_79b9_7f4a_7c15

    /// The table of these entries. Of equal ones the first line stays.
    init(_ entries: borrowing Entries) {
        let capacity = entries.hashes.count + entries.hashes.count / 3 + 1
        var hashes = [UInt64](repeating: 0, count: capacity)
        var lines = [UInt32](repeating: 0, count: capacity)
        var count = 0
        for index in entries.hashes.indices {
            let hash = entries.hashes[index]
            let place = Self.place(of: hash, in: hashes)
            guard hashes[place] == 0 else { continue }
            hashes[place] = hash
            lines[place] = entries.lines[index]
            count += 1
        }
        self.hashes = hashes
        self.lines = lines
        self.count = count
    }

    /// The line of the entry for exactly this name, by its key.
    func exactLine(_ key: UInt64) -> UInt32? { line(Self.exact(key)) }

    /// The line of the entry for this name and all below it, by its key.
    func subtreeLine(_ key: UInt64) -> UInt32? { line(key) }

    /// Memory that the entries take, in bytes.
    var bytes: Int { hashes.count * 12 }

    private func line(_ hash: UInt64) -> UInt32? {
        let place = Self.place(of: hash, in: hashes)
        return hashes[place] == 0 ? nil : lines[place]
    }

    private static func exact(_ key: UInt64) -> UInt64 { max(key ^ exactMark, 1) }

    /// Where `hash` stands, or the free place where it would. A table always has a free place.
    private static func place(of hash: UInt64, in hashes: [UInt64]) -> Int {
        // The upper half scaled to the capacity: any capacity will do, not only a power of two.
        var place = Int(truncatingIfNeeded: ((hash &>> 32) &* UInt64(hashes.count)) &>> 32)
        while hashes[place] != 0, hashes[place] != hash {
            place &+= 1
            if place == hashes.count { place = 0 }
        }
        return place
    }

    /// Entries in the order of the list, to make a table of.
    struct Entries: Sendable {
        fileprivate var hashes: [UInt64] = []
        fileprivate var lines: [UInt32] = []

        /// How many entries were added, equal ones included.
        var count: Int { hashes.count }

        mutating func add(exactly key: UInt64, line: Int) { add(NameTable.exact(key), line) }

        mutating func add(subtree key: UInt64, line: Int) { add(key, line) }

        private mutating func add(_ hash: UInt64, _ line: Int) {
            hashes.append(hash)
            lines.append(UInt32(clamping: line))
        }
    }
}
