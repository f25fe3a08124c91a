/// A text that is the same only if its bytes are (`==` of `String` takes some spellings for each other), with its hash:
/// it is looked for in several tables, and hashing it would cost more than all of them.
public struct HashedText: Hashable, Sendable {
    /// The text.
    public let text: String
    /// A hash of it, which is another one in every process.
    public let hash: Int

    /// A text, hashed once.
    public init(_ text: String) {
        self.text = text
        hash = text.hashValue
    }

    /// Compares bytes.
    public static func == (a: Self, b: Self) -> Bool {
        guard a.hash == b.hash else { return false }
        let isEqual = unsafe a.text.utf8.withContiguousStorageIfAvailable { a in
            unsafe b.text.utf8.withContiguousStorageIfAvailable { b in
                unsafe a.count == b.count && a.elementsEqual(b)
            }
        }
        return (isEqual ?? nil) ?? a.text.utf8.elementsEqual(b.text.utf8)
    }

    /// Feeds the hash.
    public func hash(into hasher: inout Hasher) { hasher.combine(hash) }
}
