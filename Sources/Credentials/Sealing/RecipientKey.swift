import CLibSodium
public import Model

/// The private half of a recipient: what opens sealed values. It lives in memory of its own that is never swapped nor
/// part of a core (`sodium_malloc`), read-only after it was made, and wiped when it goes.
@safe public final class RecipientKey: Sendable {
    /// The public half, as it stands in `kind: Recipients`.
    public let publicKey: PublicKey
    private nonisolated(unsafe) let memory: UnsafeMutableRawPointer

    /// Takes over a private key.
    ///
    /// - Throws: ``SecretFailure`` when there is no memory that can be protected.
    public init(_ privateKey: SecretKey) throws(SecretFailure) {
        Sodium.prepare()
        guard let memory = unsafe sodium_malloc(Self.size) else {
            throw SecretFailure("no protected memory for a key: raise the limit of locked memory (`ulimit -l`)")
        }
        unsafe self.memory = unsafe memory
        publicKey = KeyPair.publicKey(of: privateKey)
        privateKey.withBytes { unsafe memory.copyMemory(from: $0, byteCount: Self.size) }
        _ = unsafe sodium_mprotect_readonly(memory)
    }

    deinit {
        unsafe sodium_free(memory)
    }

    private static let size = 32

    /// What stands before the data keys that are sealed to this key.
    var hint: [UInt8] { Array(publicKey.bytes.prefix(SealedValue.hintSize)) }

    /// Opens a data key that was sealed to this key (`crypto_box_seal_open`); nil if it was not.
    func open(_ sealedKey: [UInt8]) -> SecretBytes? {
        guard sealedKey.count == SealedValue.sealedKeySize else { return nil }
        var output = [UInt8](repeating: 0, count: Int(crypto_aead_xchacha20poly1305_ietf_KEYBYTES))
        let status = unsafe crypto_box_seal_open(
            &output, sealedKey, UInt64(sealedKey.count), publicKey.bytes, memory.assumingMemoryBound(to: UInt8.self))
        return status == 0 ? SecretBytes(output) : nil
    }
}
