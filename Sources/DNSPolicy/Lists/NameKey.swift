/// The secret under which names are hashed: one for all lists of a gateway, so that a name is hashed once per question.
public struct NameKey: Sendable, Hashable {
    let hash: SipHash

    /// A key of 16 bytes from a good source of randomness; it is stored beside the lists compiled with it.
    ///
    /// - Parameters: two halves of the key.
    public init(_ first: UInt64, _ second: UInt64) { hash = SipHash(key: (first, second)) }

    /// A fresh random key.
    public static func random() -> NameKey {
        var source = SystemRandomNumberGenerator()
        return NameKey(source.next(), source.next())
    }

    /// The hash of a name: never 0, which marks a free place in a table.
    func key(of name: DomainName) -> UInt64 { max(hash.hash(name.octets.span), 1) }
}

/// The hashes of a name and of all names above it, from the name itself to its top-level domain; the root is left out.
struct NameKeys {
    let keys: [UInt64]

    init(_ name: DomainName, under key: NameKey) {
        let octets = name.octets.span
        var keys: [UInt64] = []
        keys.reserveCapacity(8)
        var start = 0
        while start < octets.count, octets[start] != 0 {
            keys.append(max(key.hash.hash(octets.extracting(start..<octets.count)), 1))
            start += 1 + Int(octets[start])
        }
        self.keys = keys
    }
}
