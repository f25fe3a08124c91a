import CLibSodium
public import Model

/// Opens sealed values with the keys of a recipient.
public struct SecretOpener: Sendable {
    /// The keys, by their hints.
    private let keys: [[UInt8]: [RecipientKey]]
    private let names: String

    /// An opener.
    ///
    /// - Parameters:
    ///   - keys: the private keys at hand, several while the host's key is being changed.
    ///   - names: whose keys they are, for errors: `this host`.
    public init(_ keys: [RecipientKey], of names: String) {
        self.keys = Dictionary(grouping: keys, by: \.hint)
        self.names = names
    }

    /// The secret of a value that stands at a place.
    ///
    /// - Throws: ``SecretFailure`` that names the value by its beginning and says why: it was changed, it is sealed to
    ///   others, or it was sealed for another place.
    public func open(_ text: String, for context: SecretContext) throws(SecretFailure) -> SecretBytes {
        let (found, secret) = try open(text)
        guard let difference = Self.difference(found, context) else { return secret }
        throw SecretFailure("\(SecretReference.sealed(text)): \(difference)")
    }

    /// The key of a value that stands at a place.
    ///
    /// - Throws: ``SecretFailure`` as above, or because the secret is no key.
    public func openKey(_ text: String, for context: SecretContext) throws(SecretFailure) -> SecretKey {
        let secret = try open(text, for: context)
        guard let key = secret.withBytes({ SecretKey(text: $0) }) else {
            throw SecretFailure(
                "\(SecretReference.sealed(text)): opens, but does not hold a key: seal 44 characters of base64 as"
                    + " `wg genkey` prints them")
        }
        return key
    }

    /// The secret and the place it was sealed for, whatever that is.
    ///
    /// - Throws: ``SecretFailure``.
    public func open(_ text: String) throws(SecretFailure) -> (context: SecretContext, secret: SecretBytes) {
        Sodium.prepare()
        let reference = SecretReference.sealed(text)
        let value: SealedValue
        do throws(SecretFailure) {
            value = try SealedValue(text: text)
        } catch {
            throw SecretFailure("\(reference): not a sealed value: \(error)")
        }
        guard let key = try dataKey(of: value, reference) else { throw Self.damaged(reference) }
        let (nonce, ciphertext, associated) = (value.nonce, value.ciphertext, value.associatedData)
        var plaintext = [UInt8](repeating: 0, count: ciphertext.count - SealedValue.tagSize)
        defer { unsafe sodium_memzero(&plaintext, plaintext.count) }
        let status = key.withBytes { key in
            unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
                &plaintext, nil, nil, ciphertext, UInt64(ciphertext.count), associated, UInt64(associated.count), nonce,
                key)
        }
        guard status == 0 else { throw Self.damaged(reference) }
        guard let content = SealedPlaintext(plaintext) else {
            throw SecretFailure("\(reference): opens, but its content is not of the form that version 1 has")
        }
        return (content.context, content.secret)
    }

    /// The data key; nil if an entry bears our hint and does not open.
    private func dataKey(of value: SealedValue, _ reference: SecretReference) throws(SecretFailure) -> SecretBytes? {
        var isOurs = false
        for recipient in 0..<value.recipientCount {
            for key in keys[value.hint(recipient)] ?? [] {
                isOurs = true
                if let opened = key.open(value.sealedKey(recipient)) { return opened }
            }
        }
        guard isOurs else {
            throw SecretFailure(
                keys.isEmpty
                    ? "\(reference): there is no key to open it: \(names)"
                    : "\(reference): sealed to others, not to \(names): whoever can open it runs"
                        + " `wirebuddy secret reseal --identity FILE`")
        }
        return nil
    }

    private static func damaged(_ reference: SecretReference) -> SecretFailure {
        SecretFailure("\(reference): does not open: the text was changed after it was sealed")
    }

    /// Why a value does not belong where it stands, with what to do; nil if it does.
    private static func difference(_ found: SecretContext, _ context: SecretContext) -> String? {
        guard found != context else { return nil }
        let here = "was sealed for \(found), this is \(context)"
        if found.repositoryID != context.repositoryID {
            return "was sealed in another repository (\(found.repositoryID), this one is \(context.repositoryID)):"
                + " seal the secret here"
        }
        guard found.kind == context.kind, found.field == context.field, case .name(let old) = found.identity,
            case .name(let new) = context.identity
        else { return "\(here): seal the secret for this place" }
        return "\(here): after a rename run `wirebuddy secret reseal --\(context.kind.lowercased())"
            + " \(ShellWord.quoted(new)) --from \(ShellWord.quoted(old))`"
    }
}
