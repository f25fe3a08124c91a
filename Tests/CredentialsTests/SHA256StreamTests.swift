import Credentials
import Testing

/// The digest of a text in pieces is that of the text.
@Suite struct SHA256StreamTests {
    @Test(arguments: [1, 7, 63, 64, 65, 1000])
    func piecesMakeOneText(size: Int) {
        let text = (0..<1000).map { UInt8(truncatingIfNeeded: $0) }
        var stream = SHA256Stream()
        for start in stride(from: 0, to: text.count, by: size) {
            stream.update(text[start..<min(start + size, text.count)].span)
        }
        #expect(stream.finish() == SHA256().digest(text))
    }

    /// FIPS 180-4: the digest of no bytes.
    @Test func nothing() {
        var stream = SHA256Stream()
        #expect("\(stream.finish())" == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    }
}
