import Model

/// Something with a hash that was worked out before.
protocol Hashed: Equatable, Sendable {
    var hash: Int { get }
}

extension HashedText: Hashed {}
extension LoggedQuery.Asker: Hashed {}
extension LoggedQuery.Cause: Hashed {}
extension Optional: Hashed where Wrapped: Hashed {
    var hash: Int { self?.hash ?? 0 }
}

/// What rows name, each entry once, in the order it was met: a row keeps the small number of its entry.
///
/// A table of these numbers with open addressing: a segment meets thousands of new entries, and a dictionary would hold
/// and hash each of them a second time.
struct Lexicon<Entry: Hashed>: Sendable {
    private(set) var entries: [Entry] = []
    /// Numbers of entries and 1, at the first free place from where the hash says on; 0 is a free place. A power of two.
    private var places: [UInt32] = [0, 0, 0, 0]

    /// The number of an entry, which is added if it is new.
    mutating func code(of entry: Entry) -> UInt32 {
        var place = entry.hash & (places.count - 1)
        while places[place] != 0 {
            let code = places[place] - 1
            if entries[Int(code)] == entry { return code }
            place = (place + 1) & (places.count - 1)
        }
        let code = UInt32(entries.count)
        entries.append(entry)
        places[place] = code + 1
        if entries.count > places.count / 2 { grow() }
        return code
    }

    private mutating func grow() {
        let mask = places.count * 4 - 1
        places = [UInt32](repeating: 0, count: mask + 1)
        for (code, entry) in entries.enumerated() {
            var place = entry.hash & mask
            while places[place] != 0 { place = (place + 1) & mask }
            places[place] = UInt32(code) + 1
        }
    }
}
