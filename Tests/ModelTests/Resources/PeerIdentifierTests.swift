import Model
import Testing

@Suite("Peer identifiers")
struct PeerIdentifierTests {
    /// Not a digest, but one whose bytes are known.
    private struct Ones: Model.Digest {
        func digest(_ bytes: [UInt8]) -> DigestValue {
            DigestValue(bytes: (0..<32).map { $0 < bytes.count ? bytes[$0] | 0xF0 : 0xFF })
        }
    }

    @Test("is a UUID of version 8 and variant 10")
    func form() {
        let key = PublicKey(words: (1, 2, 3, 4))
        let text = PeerIdentifier.derived(repositoryID: "r", interface: "wg0", publicKey: key, digest: Ones())
        let parts = text.split(separator: "-").map(\.count)
        #expect(parts == [8, 4, 4, 4, 12])
        #expect(Array(text)[14] == "8")
        #expect("89ab".contains(Array(text)[19]))
        #expect(text == text.lowercased())
    }
}
