import Model
import Testing

@Suite struct KeyTextTests {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    @Test(arguments: [
        // RFC 7748, 6.1: Alice's and Bob's public keys.
        (
            "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=",
            "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a"
        ),
        (
            "3p7bfXt9wbTTW2HC7OQ1Nz+DQ8hbeGdNrfx+FG+IK08=",
            "de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"
        ),
        ("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", String(repeating: "0", count: 64)),
        ("//////////////////////////////////////////8=", String(repeating: "f", count: 64)),
    ])
    func knownKeys(text: String, hexadecimal: String) throws {
        let key = try #require(PublicKey(text))
        #expect(DigestValue(bytes: key.bytes).description == hexadecimal)
        #expect(key.description == text)
        #expect(PublicKey(bytes: key.bytes) == key)
        #expect(key.isZero == hexadecimal.allSatisfy { $0 == "0" })
        let secret = try #require(SecretKey(text: text.utf8))
        #expect(secret.exposedText() == text)
        #expect(secret.withBytes { [UInt8]($0) } == key.bytes)
    }

    @Test func roundTrips() throws {
        var random = SeededGenerator(seed: 44)
        for _ in 0..<5000 {
            let bytes = (0..<32).map { _ in UInt8.random(in: 0...255, using: &random) }
            let key = try #require(PublicKey(bytes: bytes))
            #expect(key.bytes == bytes)
            #expect(PublicKey(key.description) == key)
        }
    }

    /// 43 characters carry 258 bits, a key has 256: only 16 of 64 last characters are the one spelling of a key.
    @Test func otherSpellingsOfAKeyAreRefused() {
        let stem = String(repeating: "A", count: 42)
        let accepted = Self.alphabet.filter { PublicKey(stem + String(decoding: [$0], as: UTF8.self) + "=") != nil }
        #expect(String(decoding: accepted, as: UTF8.self) == "AEIMQUYcgkosw048")
        for character in Self.alphabet where !accepted.contains(character) {
            #expect(SecretKey(text: Array(stem.utf8) + [character, UInt8(ascii: "=")]) == nil)
        }
    }

    @Test(arguments: [
        "", "=", "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo", "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo==",
        "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTm==", "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmoA",
        "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo=", "hSDwCYkwp1R0i33ctD73Wg2-Og0mOBr066SpjqqbTmo=",
        " hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=", "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo=\n",
        "hSDwCYkwp1R0i33ctD73Wg\n/Og0mOBr066SpjqqbTmo=", "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066Spjqqb=Tmo",
        "8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a",
        "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmé=",
        "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066SpjqqbTmo\0", "hSDwCYkwp1R0i33ctD73Wg2/Og0mOBr066Spjqqb\u{0}mo=",
    ])
    func refused(text: String) {
        #expect(PublicKey(text) == nil)
        #expect(SecretKey(text: text.utf8) == nil)
    }

    @Test(arguments: [0, 1, 31, 33, 64])
    func onlyThirtyTwoBytesAreAKey(count: Int) {
        let bytes = [UInt8](repeating: 7, count: count)
        #expect(PublicKey(bytes: bytes) == nil)
        #expect(SecretKey(bytes: bytes) == nil)
    }

    @Test func ordersByBytes() {
        var random = SeededGenerator(seed: 45)
        let keys = (0..<200).compactMap { _ in
            PublicKey(bytes: (0..<32).map { _ in UInt8.random(in: 0...2, using: &random) })
        }
        let sorted = keys.sorted()
        #expect(sorted.map(\.bytes) == keys.map(\.bytes).sorted { $0.lexicographicallyPrecedes($1) })
    }
}
