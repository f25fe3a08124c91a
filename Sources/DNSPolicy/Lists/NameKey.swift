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

    /// Tells keys apart without telling the key: the hash of a text that is no name.
    var mark: UInt64 { hash.hash(Array("compiled list".utf8).span) }

    /// The 16 bytes of the key, to be stored.
    public var bytes: [UInt8] {
        [hash.key.0, hash.key.1].flatMap { half in (0..<8).map { UInt8(truncatingIfNeeded: half >> (8 * $0)) } }
    }

    /// A stored key; nil unless it has 16 bytes.
    public init?(bytes: some Collection<UInt8>) {
        let bytes = Array(bytes)
        guard bytes.count == 16 else { return nil }
        let half = { (start: Int) in (0..<8).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << (8 * $1) } }
        self.init(half(0), half(8))
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
