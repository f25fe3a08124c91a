import Credentials
import Model
import Testing

@Suite struct DigestTests {
    /// Appendix A of RFC 7693 has the 64-byte form; these are `b2sum -l 256`.
    @Test(arguments: [
        ("", "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"),
        ("abc", "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"),
    ])
    func knownValues(text: String, expected: String) {
        #expect(BLAKE2b256().digest(Array(text.utf8)).description == expected)
    }

    @Test func everyByteCounts() {
        let zeros = [UInt8](repeating: 0, count: 1000)
        var changed = zeros
        changed[999] = 1
        #expect(BLAKE2b256().digest(zeros) != BLAKE2b256().digest(changed))
        #expect(BLAKE2b256().digest(zeros).short.utf8.count == 12)
    }

    /// The examples of FIPS 180-4's author: nothing, and "abc".
    @Test func sha256() {
        #expect(
            "\(SHA256().digest([]))" == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        #expect(
            "\(SHA256().digest(Array("abc".utf8)))"
                == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    }
}
