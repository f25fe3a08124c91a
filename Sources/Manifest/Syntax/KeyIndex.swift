/// Finds keys that stand twice in one mapping: by comparing for small mappings, by hash for large ones.
struct KeyIndex {
    private static let smallCount = 24
    private var positions: [String: SourcePosition] = [:]

    /// Where the same key stands first, or nil if `key` is new among `entries`.
    mutating func insert(_ key: Key, _ entries: [Entry]) -> SourcePosition? {
        if entries.count < KeyIndex.smallCount {
            return entries.first { $0.key.text == key.text }?.key.range.start
        }
        if positions.isEmpty {
            for entry in entries { positions[entry.key.text] = entry.key.range.start }
        }
        if let first = positions[key.text] { return first }
        positions[key.text] = key.range.start
        return nil
    }
}
