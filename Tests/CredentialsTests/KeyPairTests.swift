import Credentials
import Model
import Testing

@Suite struct KeyPairTests {
    /// The pairs of RFC 7748, section 6.1.
    @Test(arguments: [
        (
            "77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a",
            "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
        ),
        (
            "5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb",
            "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
        ),
    ])
    func publicKeys(secret: String, expected: String) throws {
        let key = try #require(SecretKey(bytes: bytes(hex: secret)))
        #expect(KeyPair.publicKey(of: key).bytes == bytes(hex: expected))
    }

    @Test func generatedKeysAreClampedAndDiffer() {
        var seen: Set<PublicKey> = []
        for _ in 0..<200 {
            let pair = KeyPair.generate()
            pair.privateKey.withBytes { bytes in
                #expect(bytes[0] & 7 == 0)
                #expect(bytes[31] & 0xC0 == 0x40)
            }
            #expect(pair.publicKey == KeyPair.publicKey(of: pair.privateKey))
            #expect(seen.insert(pair.publicKey).inserted)
        }
    }

    /// The bits that clamping leaves alone must be random: over 200 keys each is seen as 0 and as 1.
    @Test func everyOtherBitIsRandom() {
        var ones = [UInt8](repeating: 0, count: 32)
        var zeros = ones
        for _ in 0..<200 {
            KeyPair.generate().privateKey.withBytes { bytes in
                for index in bytes.indices {
                    ones[index] |= bytes[index]
                    zeros[index] |= ~bytes[index]
                }
            }
        }
        #expect(ones[1...30].allSatisfy { $0 == 0xFF } && zeros[1...30].allSatisfy { $0 == 0xFF })
        #expect(ones[0] == 0xF8 && zeros[0] == 0xFF)
        #expect(ones[31] == 0x7F && zeros[31] == 0xBF)
    }

    @Test func aPairShowsNoSecret() {
        let pair = KeyPair.generate()
        let text = pair.privateKey.exposedText()
        #expect(!"\(pair)".contains(text) && !String(reflecting: pair).contains(text))
    }
}
