import CLibSodium
public import Model

/// A Curve25519 key pair as WireGuard uses it.
public struct KeyPair: Sendable {
    /// The private key, clamped.
    public let privateKey: SecretKey
    /// Its public key.
    public let publicKey: PublicKey

    /// The pair of a private key. An unclamped one is clamped by the multiplication, as in the kernel.
    public init(privateKey: SecretKey) {
        self.privateKey = privateKey
        publicKey = Self.publicKey(of: privateKey)
    }

    /// A new random pair. The private key is clamped like that of `wg genkey` (RFC 7748, section 5).
    public static func generate() -> KeyPair {
        Sodium.prepare()
        var bytes = [UInt8](repeating: 0, count: 32)
        unsafe randombytes_buf(&bytes, bytes.count)
        defer { unsafe sodium_memzero(&bytes, bytes.count) }
        bytes[0] &= 0b1111_1000
        bytes[31] = bytes[31] & 0b0111_1111 | 0b0100_0000
        guard let key = SecretKey(bytes: bytes) else { preconditionFailure("a key has 32 bytes") }
        return KeyPair(privateKey: key)
    }

    /// The public key of a private key: X25519 with the base point (RFC 7748; `wg pubkey`).
    public static func publicKey(of privateKey: SecretKey) -> PublicKey {
        Sodium.prepare()
        var output = [UInt8](repeating: 0, count: 32)
        // With the base point there is no input for which this fails.
        privateKey.withBytes { bytes in _ = unsafe crypto_scalarmult_base(&output, bytes) }
        return PublicKey(bytes: output) ?? PublicKey(words: (0, 0, 0, 0))
    }
}
