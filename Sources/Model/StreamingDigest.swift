/// A cryptographic digest of bytes that come in pieces, so that they need not be in memory together.
public protocol StreamingDigest: Sendable {
    /// Takes the next bytes.
    mutating func update(_ piece: Span<UInt8>)

    /// The 32-byte digest of all that was taken. Nothing is taken after it.
    mutating func finish() -> DigestValue
}
