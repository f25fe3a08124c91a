import CLibSodium
public import Model

/// Seals secrets to the recipients of a repository. It needs their public keys only: whoever has the repository can seal.
public struct Sealer: Sendable {
    private let recipients: [Recipient]

    /// A sealer for the recipients of a repository.
    ///
    /// - Throws: ``SecretFailure`` when there are none, or too many.
    public init(recipients: [Recipient]) throws(SecretFailure) {
        guard !recipients.isEmpty else {
            throw SecretFailure(
                "there is nobody to seal to: the repository has no document of kind Recipients; on the gateway,"
                    + " `wirebuddy secret recipients` prints the one to add")
        }
        guard recipients.count <= SealedValue.maximumRecipients else {
            throw SecretFailure(
                "a value is sealed to at most \(SealedValue.maximumRecipients) recipients, there are \(recipients.count)"
            )
        }
        self.recipients = recipients
    }

    /// Seals a key for one place: the value holds its base64 form, as `wg` writes it.
    ///
    /// - Returns: the text `sealed:v1:…`, another one each time.
    /// - Throws: ``SecretFailure`` that names what can't be used.
    public func seal(_ secret: SecretKey, _ context: SecretContext) throws(SecretFailure) -> String {
        try seal(SecretBytes(Array(secret.exposedText().utf8)), context)
    }

    /// Seals any secret of at most ``SealedValue/maximumSecretSize`` bytes for one place.
    ///
    /// - Returns: the text `sealed:v1:…`, another one each time.
    /// - Throws: ``SecretFailure`` that names what can't be used.
    public func seal(_ secret: SecretBytes, _ context: SecretContext) throws(SecretFailure) -> String {
        Sodium.prepare()
        guard !context.repositoryID.isEmpty else { throw SecretFailure("the repository has no repository_id") }
        var plaintext = try SealedPlaintext(context: context, secret: secret).encoded()
        defer { unsafe sodium_memzero(&plaintext, plaintext.count) }
        var key = Self.random(Int(crypto_aead_xchacha20poly1305_ietf_KEYBYTES))
        defer { unsafe sodium_memzero(&key, key.count) }
        let nonce = Self.random(SealedValue.nonceSize)
        var stanzas: [(hint: [UInt8], sealedKey: [UInt8])] = []
        for recipient in recipients {
            var sealedKey = [UInt8](repeating: 0, count: SealedValue.sealedKeySize)
            let status = unsafe crypto_box_seal(&sealedKey, key, UInt64(key.count), recipient.key.bytes)
            guard status == 0 else {
                throw SecretFailure("the key of recipient \(recipient.name) (\(recipient.key)) is no usable public key")
            }
            stanzas.append((Array(recipient.key.bytes.prefix(SealedValue.hintSize)), sealedKey))
        }
        let head = SealedValue(nonce: nonce, recipients: stanzas, ciphertext: [])
        let associated = head.associatedData
        var ciphertext = [UInt8](repeating: 0, count: plaintext.count + SealedValue.tagSize)
        // It fails for no input of these sizes.
        _ = unsafe crypto_aead_xchacha20poly1305_ietf_encrypt(
            &ciphertext, nil, plaintext, UInt64(plaintext.count), associated, UInt64(associated.count), nil, nonce, key)
        return SealedValue(nonce: nonce, recipients: stanzas, ciphertext: ciphertext).text
    }

    /// Seals a value again: to the recipients of now, and for another place if its object's identity changes (a new
    /// public key of a peer, a new name of anything else).
    ///
    /// - Throws: ``SecretFailure`` when it doesn't open for `old`, or can't be sealed for `new`.
    public func reseal(
        _ text: String, from old: SecretContext, to new: SecretContext, with opener: SecretOpener
    ) throws(SecretFailure) -> String {
        try seal(opener.open(text, for: old), new)
    }

    /// Whether a value is sealed to exactly these recipients, as far as its hints tell.
    public func isSealedToAll(_ text: String) -> Bool {
        guard let value = try? SealedValue(text: text) else { return false }
        let hints = Set((0..<value.recipientCount).map(value.hint))
        return hints == Set(recipients.map { Array($0.key.bytes.prefix(SealedValue.hintSize)) })
            && value.recipientCount == recipients.count
    }

    private static func random(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        unsafe randombytes_buf(&bytes, count)
        return bytes
    }
}
