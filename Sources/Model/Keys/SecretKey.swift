/// A 32-byte secret: a Curve25519 private key or a preshared key.
///
/// It prints as `<redacted>`, has no `Codable`, compares in constant time and overwrites its bytes when it goes.
/// The bytes leave it only through ``withBytes(_:)`` and ``words``, for the kernel backends and key derivation.
public final class SecretKey: Sendable {
    private nonisolated(unsafe) var storage: (UInt64, UInt64, UInt64, UInt64)

    /// A secret from its four big-endian words.
    public init(words: (UInt64, UInt64, UInt64, UInt64)) {
        unsafe storage = words
    }

    /// A secret from 32 bytes; nil for any other count.
    public convenience init?(bytes: some Collection<UInt8>) {
        guard let words = KeyWords.pack(bytes) else { return nil }
        self.init(words: words)
    }

    /// Parses the 44-character base64 form of `wg`.
    public convenience init?(text: some Sequence<UInt8>) {
        guard let words = KeyText.decode(text) else { return nil }
        self.init(words: words)
    }

    deinit {
        unsafe storage = (0, 0, 0, 0)
    }

    /// The secret's four big-endian words. Callers keep no copy.
    public var words: (UInt64, UInt64, UInt64, UInt64) { unsafe storage }

    /// Runs `body` with the 32 bytes and overwrites the copy afterwards.
    public func withBytes<Result, Failure: Error>(
        _ body: (borrowing [UInt8]) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var bytes = KeyWords.unpack(words)
        defer { for index in bytes.indices { bytes[index] = 0 } }
        return try body(bytes)
    }

    /// Whether all bytes are zero: the kernel's way to say "no preshared key".
    public var isZero: Bool {
        let words = words
        return words.0 | words.1 | words.2 | words.3 == 0
    }

    /// As a private key: what the kernel makes of it and shows from then on (RFC 7748, section 5).
    public var clamped: SecretKey {
        let words = words
        return SecretKey(words: (words.0 & 0xF8FF_FFFF_FFFF_FFFF, words.1, words.2, (words.3 & ~0x80) | 0x40))
    }

    /// The base64 form of `wg`, for files that hold secrets. Never for logs or errors.
    public func exposedText() -> String { KeyText.encode(words) }
}

extension SecretKey: Equatable {
    /// Compares all 32 bytes without a branch on their values.
    public static func == (a: SecretKey, b: SecretKey) -> Bool {
        let (x, y) = (a.words, b.words)
        return (x.0 ^ y.0) | (x.1 ^ y.1) | (x.2 ^ y.2) | (x.3 ^ y.3) == 0
    }
}

extension SecretKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Always `<redacted>`.
    public var description: String { "<redacted>" }
    /// Always `<redacted>`.
    public var debugDescription: String { "<redacted>" }
    /// Shows nothing of the secret.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
