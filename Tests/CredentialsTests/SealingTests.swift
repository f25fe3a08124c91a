import Credentials
import Model
import Testing

extension SecretContext {
    static let peerKey = PublicKey(words: (1, 2, 3, 4))
    static let sample = SecretContext.peer(
        peerKey, field: "preshared_key", repositoryID: "123e4567-e89b-12d3-a456-426614174000")
}

/// The private and the public half of a recipient.
struct Party {
    let recipient: Recipient
    let opener: SecretOpener

    init(_ name: String, _ role: Recipient.Role = .host) throws {
        let pair = KeyPair.generate()
        recipient = Recipient(
            name: name, key: pair.publicKey, role: role, location: SourceLocation(path: "r.yaml", line: 1, column: 1))
        opener = SecretOpener([try RecipientKey(pair.privateKey)], of: "this \(name)")
    }
}

@Suite struct SealingTests {
    let gateway: Party
    let recovery: Party
    let sealer: Sealer
    let secret = KeyPair.generate().privateKey
    let context = SecretContext.sample

    init() throws {
        gateway = try Party("gateway")
        recovery = try Party("recovery", .recovery)
        sealer = try Sealer(recipients: [gateway.recipient, recovery.recipient])
    }

    private func refusal(_ text: String, _ context: SecretContext, by party: Party? = nil) -> String {
        do {
            _ = try (party ?? gateway).opener.openKey(text, for: context)
            return "no refusal"
        } catch {
            #expect(!error.description.contains(secret.exposedText()))
            return error.description
        }
    }

    @Test func everyRecipientOpensIt() throws {
        let text = try sealer.seal(secret, context)
        #expect(try gateway.opener.openKey(text, for: context) == secret)
        #expect(try recovery.opener.openKey(text, for: context) == secret)
        #expect(try SealedValue(text: text).text == text)
        #expect(try sealer.seal(secret, context) != text, "each one has its own key and nonce")
    }

    @Test func others() throws {
        let text = try sealer.seal(secret, context)
        let other = try Party("stranger")
        #expect(refusal(text, context, by: other).contains("sealed to others, not to this stranger"))
    }

    @Test("every changed byte is refused") func flips() throws {
        let text = try sealer.seal(secret, context)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=".utf8)
        var bytes = Array(text.utf8)
        for index in bytes.indices {
            let original = bytes[index]
            for replacement in [original ^ 1, original ^ 0x20, alphabet[Int(original &+ UInt8(index % 65)) % 65]] {
                guard replacement != original, replacement < 0x80 else { continue }
                bytes[index] = replacement
                let changed = String(decoding: bytes, as: UTF8.self)
                #expect(refusal(changed, context) != "no refusal", "byte \(index)")
                #expect(refusal(changed, context, by: recovery) != "no refusal", "byte \(index)")
            }
            bytes[index] = original
        }
    }

    @Test func cut() throws {
        let text = try sealer.seal(secret, context)
        for count in stride(from: 0, to: text.utf8.count, by: 1) {
            #expect(refusal(String(text.prefix(count)), context) != "no refusal")
        }
        #expect(refusal(text + "AAAA", context) != "no refusal")
        #expect(refusal(text + "\n", context) != "no refusal")
    }

    @Test("a copy does not open and says where it came from") func copies() throws {
        let text = try sealer.seal(secret, context)
        var other = context
        other.repositoryID = "00000000-0000-8000-8000-000000000000"
        #expect(refusal(text, other).contains("another repository (123e4567-e89b-12d3-a456-426614174000"))
        other = context
        other.field = "private_key"
        #expect(
            refusal(text, other).contains("was sealed for preshared_key of the Peer with the public key"))
        other = context
        other.identity = .publicKey(PublicKey(words: (5, 6, 7, 8)))
        #expect(refusal(text, other).contains("was sealed for") && refusal(text, other).contains("this is"))
        other = .interface("wg0", field: "preshared_key", repositoryID: context.repositoryID)
        #expect(refusal(text, other).contains("this is preshared_key of Interface \"wg0\""))
    }

    @Test("a renamed interface says how to seal it again") func rename() throws {
        let old = SecretContext.interface("wg0", field: "private_key", repositoryID: context.repositoryID)
        let new = SecretContext.interface("wg 1", field: "private_key", repositoryID: context.repositoryID)
        let text = try sealer.seal(secret, old)
        #expect(refusal(text, new).contains("`wirebuddy secret reseal --interface 'wg 1' --from wg0`"))
        let again = try sealer.reseal(text, from: old, to: new, with: gateway.opener)
        #expect(try gateway.opener.openKey(again, for: new) == secret)
    }

    @Test("a peer's new key takes its secrets along") func rotation() throws {
        let text = try sealer.seal(secret, context)
        let new = SecretContext.peer(PublicKey(words: (9, 9, 9, 9)), field: "preshared_key", repositoryID: "r")
        let again = try sealer.reseal(text, from: context, to: new, with: gateway.opener)
        #expect(try recovery.opener.openKey(again, for: new) == secret)
        #expect(refusal(text, new) != "no refusal")
        #expect(throws: SecretFailure.self) { try sealer.reseal(text, from: new, to: context, with: gateway.opener) }
    }

    @Test(arguments: [0, 1, 44, 4096]) func anySecret(size: Int) throws {
        let bytes = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
        let text = try sealer.seal(SecretBytes(bytes), context)
        try gateway.opener.open(text, for: context).withBytes { #expect($0.elementsEqual(bytes)) }
        if size != 44 { #expect(refusal(text, context).contains("does not hold a key")) }
    }

    @Test func tooLarge() throws {
        #expect(throws: SecretFailure.self) {
            try sealer.seal(SecretBytes([UInt8](repeating: 7, count: 4097)), context)
        }
    }

    @Test("the length tells at most which block of 32") func padding() throws {
        let lengths = try Set(
            (1...12).map { try sealer.seal(SecretBytes(Array(repeating: 1, count: $0)), context).count })
        #expect(lengths.count <= 2)
    }

    @Test func recipientsMustBeUsable() throws {
        #expect(throws: SecretFailure.self) { try Sealer(recipients: []) }
        // A point of low order (RFC 7748, section 7): every key agreed with it is zero.
        var low = gateway.recipient
        low.key = PublicKey(words: (1 << 56, 0, 0, 0))
        low.name = "low"
        let sealer = try Sealer(recipients: [gateway.recipient, low])
        do {
            _ = try sealer.seal(secret, context)
            Issue.record("sealed to a point of low order")
        } catch { #expect("\(error)".contains("recipient low")) }
    }

    @Test func knowsItsRecipients() throws {
        let text = try sealer.seal(secret, context)
        #expect(sealer.isSealedToAll(text))
        #expect(try !Sealer(recipients: [gateway.recipient]).isSealedToAll(text))
        #expect(try !Sealer(recipients: [gateway.recipient, Party("x").recipient]).isSealedToAll(text))
    }

    @Test func nothingPrintsASecret() throws {
        let bytes = SecretBytes(Array(secret.exposedText().utf8))
        var dumped = ""
        dump(bytes, to: &dumped)
        #expect("\(bytes)" == "<redacted>" && String(reflecting: bytes) == "<redacted>")
        #expect(!dumped.contains(secret.exposedText()))
        let text = try sealer.seal(secret, context)
        #expect(SecretReference.sealed(text).description.utf8.count < 24)
        #expect(SecretReference.sealed(text).text == text)
    }
}
