import Manifest
import Testing

/// 10,000 peers in one file of about 2 MB.
@Suite("Edit speed", .serialized)
struct EditSpeedTests {
    private static let text: [UInt8] = Array(
        ScaleTests.files().map(\.bytes).joined(separator: Array("---\n".utf8)))

    /// Debug builds are about 15 times slower than release builds, which need less than 0.5 s.
    @Test("one edit costs about one reading, and 1,000 edits of as many documents little more")
    func cost() throws {
        let clock = ContinuousClock()
        let reading = clock.measure { _ = SyntaxTree(path: "all.yaml", bytes: Self.text) }
        let last = ScaleTests.peerCount
        let one = [Edit.set(document: last, path: ["enabled"], value: .boolean(false))]
        var result: [UInt8] = []
        let single = try clock.measure { result = try ManifestEditor.apply(one, to: Self.text, path: "all.yaml") }
        #expect(result.count == Self.text.count + "enabled: false\n".utf8.count)
        let all = (1...1000).map { Edit.set(document: $0, path: ["enabled"], value: .boolean(false)) }
        let many = try clock.measure { result = try ManifestEditor.apply(all, to: Self.text, path: "all.yaml") }
        #expect(result.count == Self.text.count + all.count * "enabled: false\n".utf8.count)
        print("\(Self.text.count) bytes: read \(reading), one edit \(single), \(all.count) edits \(many)")
        #expect(single < reading * 6)
        #expect(many < reading * 10)
    }

    @Test("one edit of one document of 10,000 fields costs about two readings")
    func oneDocument() throws {
        let text = Array((0..<10_000).map { "field\($0): [value \($0), other]  # comment\n" }.joined().utf8)
        let clock = ContinuousClock()
        let reading = clock.measure { _ = SyntaxTree(path: "one.yaml", bytes: text) }
        let edits = [Edit.set(document: 0, path: ["field5000"], value: .string("x"))]
        let single = try clock.measure { _ = try ManifestEditor.apply(edits, to: text, path: "one.yaml") }
        print("one document of \(text.count) bytes: read \(reading), one edit \(single)")
        #expect(single < reading * 20)
    }
}
