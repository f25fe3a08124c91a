/// Names of a list, each with its line: 12 bytes a place, three of four places taken, so 16 bytes a name.
///
/// Open addressing by the name's 64-bit keyed hash. The names themselves are not kept: two of n names that differ are
/// taken for one with a chance of n ÷ 2⁶⁴ per question, and nobody can aim at it without the key. The places stand in
/// memory as they stand in a file, so that a table is used straight from one.
struct NameTable: Sendable {
    let places: NamePlaces
    /// How many entries there are.
    let count: Int
    /// Whether one of the names can be an address.
    let mayNameAddresses: Bool

    /// Told apart from a subtree entry of the same name.
    private static let exactMark: UInt64 = 0x9e37_79b9_7f4a_7c15

    /// The table of these entries. Of equal ones the first line stays.
    init(_ entries: borrowing NameEntries) {
        let places = NamePlaces(for: entries.count)
        var count = 0
        entries.forEach { hash, line in if places.insert(hash, line) { count += 1 } }
        self.count = count
        mayNameAddresses = entries.mayNameAddresses
        // A list that says the same again and again needs no room for it.
        guard NamePlaces.capacity(for: count) * 2 < places.capacity else {
            self.places = places
            return
        }
        let smaller = NamePlaces(for: count)
        places.forEach { hash, line in _ = smaller.insert(hash, line) }
        self.places = smaller
    }

    /// A table of a file.
    init(places: NamePlaces, count: Int, mayNameAddresses: Bool) {
        self.places = places
        self.count = count
        self.mayNameAddresses = mayNameAddresses
    }

    /// The line of the entry for exactly this name, by its key.
    func exactLine(_ key: UInt64) -> UInt32? { places.line(of: Self.exact(key)) }

    /// The line of the entry for this name and all below it, by its key.
    func subtreeLine(_ key: UInt64) -> UInt32? { places.line(of: key) }

    /// Memory that the entries take, in bytes.
    var bytes: Int { places.bytes }

    static func exact(_ key: UInt64) -> UInt64 { max(key ^ exactMark, 1) }
}
