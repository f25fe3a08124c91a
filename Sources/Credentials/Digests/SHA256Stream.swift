import CLibSodium
public import Model

/// SHA-256 of bytes that come in pieces (`crypto_hash_sha256_update`): what the pin of a blocklist is compared with.
public struct SHA256Stream: StreamingDigest {
    private var state = crypto_hash_sha256_state()

    /// The digest of nothing yet.
    public init() {
        Sodium.prepare()
        // None of the three has a way to fail.
        _ = unsafe crypto_hash_sha256_init(&state)
    }

    /// Takes the next bytes.
    public mutating func update(_ piece: Span<UInt8>) {
        unsafe piece.withUnsafeBufferPointer { piece in
            _ = unsafe crypto_hash_sha256_update(&state, piece.baseAddress, UInt64(piece.count))
        }
    }

    /// The 32-byte digest of all that was taken.
    public mutating func finish() -> DigestValue {
        var output = [UInt8](repeating: 0, count: 32)
        _ = unsafe crypto_hash_sha256_final(&state, &output)
        return DigestValue(bytes: output)
    }
}
