import CLibSodium
public import Model

/// SHA-256 (FIPS 180-4; `crypto_hash_sha256`): what the pin of a blocklist is.
public struct SHA256: Model.Digest {
    /// The digest.
    public init() { Sodium.prepare() }

    /// The 32-byte digest of `bytes`.
    public func digest(_ bytes: [UInt8]) -> DigestValue {
        var output = [UInt8](repeating: 0, count: 32)
        // It has no way to fail.
        _ = unsafe crypto_hash_sha256(&output, bytes, UInt64(bytes.count))
        return DigestValue(bytes: output)
    }
}
