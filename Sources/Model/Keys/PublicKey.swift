/// The Curve25519 public key of a peer or interface: 32 bytes, the identity of a peer (`wg(8)`).
public struct PublicKey: Hashable, Sendable {
    /// The key's 32 bytes as four big-endian words, first bytes first.
    public let words: (UInt64, UInt64, UInt64, UInt64)

    /// A key from its four big-endian words.
    @inlinable public init(words: (UInt64, UInt64, UInt64, UInt64)) {
        self.words = words
    }

    /// A key from 32 bytes; nil for any other count.
    public init?(bytes: some Collection<UInt8>) {
        guard let words = KeyWords.pack(bytes) else { return nil }
        self.words = words
    }

    /// The 32 bytes.
    public var bytes: [UInt8] { KeyWords.unpack(words) }

    /// Whether all bytes are zero: the kernel treats such a public key as none.
    public var isZero: Bool { words == (0, 0, 0, 0) }

    /// Equal when all 32 bytes are.
    @inlinable public static func == (a: PublicKey, b: PublicKey) -> Bool { a.words == b.words }

    /// Hashes the first half: keys are uniformly distributed, 16 bytes are plenty.
    @inlinable public func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
    }
}

extension PublicKey: Comparable {
    /// Orders by bytes.
    @inlinable public static func < (a: PublicKey, b: PublicKey) -> Bool { a.words < b.words }
}

extension PublicKey: CustomStringConvertible, LosslessStringConvertible {
    /// Parses the 44-character base64 form of `wg`.
    public init?(_ description: String) { self.init(text: description.utf8) }

    /// Parses the base64 form from UTF-8 bytes.
    public init?(text: some Sequence<UInt8>) {
        guard let words = KeyText.decode(text) else { return nil }
        self.words = words
    }

    /// The base64 form of `wg`, 44 characters.
    public var description: String { KeyText.encode(words) }
}
