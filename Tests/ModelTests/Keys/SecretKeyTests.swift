import Model
import Testing

@Suite struct SecretKeyTests {
    private static let text = "yAnz5TF+lXXJte14tji3zlMNq+hd2rYUIgJBgB3fBmk="
    private let secret: SecretKey

    init() throws {
        secret = try #require(SecretKey(text: Self.text.utf8))
    }

    @Test func aPrivateKeyIsClampedAsTheKernelDoesIt() throws {
        let ones = try #require(SecretKey(bytes: [UInt8](repeating: 0xFF, count: 32)))
        #expect(ones.clamped.withBytes { [UInt8]($0) } == [0xF8] + [UInt8](repeating: 0xFF, count: 30) + [0x7F])
        let zeros = SecretKey(words: (0, 0, 0, 0))
        #expect(zeros.clamped.withBytes { [UInt8]($0) } == [UInt8](repeating: 0, count: 31) + [0x40])
        #expect(secret.clamped.clamped == secret.clamped)
    }

    /// Every way Swift makes text of a value shows nothing of the key, also inside other values.
    @Test func printsNothing() {
        let peer = ObservedPeer(publicKey: PublicKey(words: (1, 2, 3, 4)), presharedKey: secret)
        let device = ObservedDevice(
            implementation: .kernel, privateKey: secret, publicKey: nil, listenPort: 1, fwmark: 0, peers: [peer])
        let optional: SecretKey? = secret
        var texts = [
            "\(secret)", secret.description, secret.debugDescription, String(describing: secret),
            String(reflecting: secret),
            String(describing: optional), String(reflecting: [secret]), String(describing: ["k": secret]),
            String(describing: peer), String(reflecting: peer), String(describing: device), String(reflecting: device),
        ]
        for value in [secret, peer, device, [secret], (1, secret)] as [Any] {
            var text = ""
            dump(value, to: &text)
            texts.append(text)
        }
        let words = [secret.words.0, secret.words.1, secret.words.2, secret.words.3]
        let bytes = secret.withBytes { [UInt8]($0) }
        let forms =
            [
                Self.text, String(Self.text.prefix(12)), DigestValue(bytes: bytes).description,
                "\(bytes)".dropFirst().description,
            ]
            + words.flatMap { ["\($0)", String($0, radix: 16)] }
        for text in texts {
            #expect(text.contains("<redacted>"))
            for form in forms { #expect(!text.contains(form)) }
        }
    }

    @Test func reflectsNothing() {
        let mirror = Mirror(reflecting: secret)
        #expect(mirror.children.isEmpty)
        #expect(mirror.superclassMirror == nil)
    }

    @Test func everyBitCounts() {
        // Each of the 256 bits counts: a comparison that forgot a word or byte would miss one.
        var bytes = secret.withBytes { [UInt8]($0) }
        #expect(SecretKey(bytes: bytes) == secret)
        for bit in 0..<256 {
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(SecretKey(bytes: bytes) != secret)
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
        }
    }

    @Test func zeroIsNone() {
        #expect(SecretKey(words: (0, 0, 0, 0)).isZero)
        for bit in [0, 63, 64, 127, 128, 191, 192, 255] {
            var bytes = [UInt8](repeating: 0, count: 32)
            bytes[bit / 8] = 1 << UInt8(bit % 8)
            #expect(SecretKey(bytes: bytes)?.isZero == false)
        }
    }

    @Test func bytesPassErrorsOn() {
        struct Refused: Error {}
        #expect(throws: Refused.self) { try secret.withBytes { _ throws(Refused) in throw Refused() } }
    }

    @Test func referencesPrintAsWritten() {
        #expect(SecretReference.file("wg0/private").description == "file:wg0/private")
        #expect(SecretReference.environment("WG_PSK").description == "env:WG_PSK")
    }
}
