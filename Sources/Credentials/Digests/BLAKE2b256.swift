import CLibSodium
public import Model

/// BLAKE2b with 32 bytes of output and no key (RFC 7693; `crypto_generichash`).
public struct BLAKE2b256: Model.Digest {
    /// The digest.
    public init() { Sodium.prepare() }

    /// The 32-byte digest of `bytes`.
    public func digest(_ bytes: [UInt8]) -> DigestValue {
        var output = [UInt8](repeating: 0, count: 32)
        // It fails only for output or key sizes out of range, and both are constants here.
        _ = unsafe crypto_generichash(&output, output.count, bytes, UInt64(bytes.count), nil, 0)
        return DigestValue(bytes: output)
    }
}
