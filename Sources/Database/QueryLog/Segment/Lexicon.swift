/// What rows name, each entry once, in the order it was met: a row keeps the small number of its entry.
struct Lexicon<Entry: Hashable & Sendable>: Sendable {
    private(set) var entries: [Entry] = []
    private var codes: [Entry: UInt32] = [:]

    /// The number of an entry, which is added if it is new.
    mutating func code(of entry: Entry) -> UInt32 {
        if let code = codes[entry] { return code }
        let code = UInt32(entries.count)
        entries.append(entry)
        codes[entry] = code
        return code
    }
}

/// A text that is the same only if its bytes are: `==` of `String` takes some spellings for each other.
struct Spelling: Hashable, Sendable {
    let text: String

    static func == (a: Self, b: Self) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

    func hash(into hasher: inout Hasher) { hasher.combine(text) }
}
