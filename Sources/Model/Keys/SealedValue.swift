/// The form of `sealed:v1:<base64>`, without its content: what can be said about a sealed value by anyone, with no key.
///
/// The bytes behind the base64 (docs/sealed-values.md): a nonce of 24, the number of recipients in 1, for each recipient
/// a hint of 8 (the beginning of its public key) and the sealed data key of 80, and the ciphertext to the end.
public struct SealedValue: Hashable, Sendable {
    /// What every sealed value begins with.
    public static let prefix = "sealed:v1:"
    /// The most recipients of one value.
    public static let maximumRecipients = 64
    /// The largest secret in bytes.
    public static let maximumSecretSize = 4096
    /// The size of the nonce (`crypto_aead_xchacha20poly1305_ietf_NPUBBYTES`).
    public static let nonceSize = 24
    /// The size of a hint.
    public static let hintSize = 8
    /// The size of a sealed data key: 32 and `crypto_box_SEALBYTES`.
    public static let sealedKeySize = 80
    /// The plaintext is padded to a multiple of this, so that the length tells little.
    public static let blockSize = 32
    /// The size of the tag behind the ciphertext (`crypto_aead_xchacha20poly1305_ietf_ABYTES`).
    public static let tagSize = 16
    /// The largest padded plaintext: the largest secret and a context.
    public static let maximumPlaintextSize = 8192

    private static let headSize = nonceSize + 1
    private static let stanzaSize = hintSize + sealedKeySize
    private static let maximumSize =
        headSize + maximumRecipients * stanzaSize + maximumPlaintextSize + tagSize

    private let bytes: [UInt8]

    /// Puts a value together.
    ///
    /// - Parameters:
    ///   - nonce: ``nonceSize`` bytes.
    ///   - recipients: hint and sealed data key of each, 1 to ``maximumRecipients``.
    ///   - ciphertext: with its tag.
    public init(nonce: [UInt8], recipients: [(hint: [UInt8], sealedKey: [UInt8])], ciphertext: [UInt8]) {
        bytes =
            nonce + [UInt8(truncatingIfNeeded: recipients.count)] + recipients.flatMap { $0.hint + $0.sealedKey }
            + ciphertext
    }

    /// Reads the text. Every byte belongs to a part, and each value has one text.
    ///
    /// - Throws: ``SecretFailure``: what is wrong with the form, fit to stand behind "must be …:".
    public init(text: String) throws(SecretFailure) {
        guard text.hasPrefix(Self.prefix) else { throw SecretFailure("it begins with \(Self.prefix)") }
        let body = text.utf8.dropFirst(Self.prefix.utf8.count)
        guard body.count <= (Self.maximumSize + 2) / 3 * 4 else { throw SecretFailure("it is longer than any") }
        guard let bytes = Base64.decode(body) else {
            throw SecretFailure("the text is not base64, or it was cut: copy the whole line")
        }
        self.bytes = bytes
        guard bytes.count > Self.headSize else { throw SecretFailure("it was cut: copy the whole line") }
        guard (1...Self.maximumRecipients).contains(recipientCount) else {
            throw SecretFailure("it has \(recipientCount) recipients, 1 to \(Self.maximumRecipients) are possible")
        }
        let content = bytes.count - ciphertextStart - Self.tagSize
        guard content >= Self.blockSize, content % Self.blockSize == 0, content <= Self.maximumPlaintextSize else {
            throw SecretFailure("its length is not that of one: copy the whole line")
        }
    }

    /// The text in a manifest.
    public var text: String { Self.prefix + Base64.encode(bytes) }

    /// The nonce of the ciphertext.
    public var nonce: [UInt8] { Array(bytes.prefix(Self.nonceSize)) }

    /// How many recipients can open it.
    public var recipientCount: Int { Int(bytes[Self.nonceSize]) }

    /// The hint of a recipient: the first bytes of its public key.
    public func hint(_ recipient: Int) -> [UInt8] {
        let start = Self.headSize + recipient * Self.stanzaSize
        return Array(bytes[start..<start + Self.hintSize])
    }

    /// The data key sealed to a recipient.
    public func sealedKey(_ recipient: Int) -> [UInt8] {
        let start = Self.headSize + recipient * Self.stanzaSize + Self.hintSize
        return Array(bytes[start..<start + Self.sealedKeySize])
    }

    /// What the ciphertext authenticates besides itself: the prefix, the number of recipients, and every recipient.
    public var associatedData: [UInt8] { Array(Self.prefix.utf8) + bytes[Self.nonceSize..<ciphertextStart] }

    /// The ciphertext with its tag.
    public var ciphertext: [UInt8] { Array(bytes[ciphertextStart...]) }

    private var ciphertextStart: Int { Self.headSize + recipientCount * Self.stanzaSize }
}
