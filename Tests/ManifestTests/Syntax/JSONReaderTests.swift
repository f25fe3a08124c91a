import Foundation
import Manifest
import Testing

@Suite("JSON")
struct JSONReaderTests {
    private func tree(_ text: String) -> SyntaxTree { SyntaxTree(path: "body.json", bytes: Array(text.utf8)) }

    private func problems(_ text: String) -> [String] {
        tree(text).problems.map { "\($0.line):\($0.column) \($0.code.rawValue)" }
    }

    @Test("values and ranges")
    func values() throws {
        let text = "{\n  \"ü\": [1, -2.5e3, true, null],\n\t\"s\": \"a\\n\\u00e9\\ud83d\\ude00\\/\"\r\n}\n"
        let bytes = Array(text.utf8)
        let root = try #require(tree(text).documents.first?.root)
        guard case .list(let items)? = root["ü"]?.content else { throw CancellationError() }
        let slices = items.map { String(decoding: bytes[$0.range.bytes], as: UTF8.self) }
        #expect(slices == ["1", "-2.5e3", "true", "null"])
        #expect(items[0].range.start.column == 9)
        guard case .scalar(let string)? = root["s"]?.content else { throw CancellationError() }
        #expect(string.text == "a\né😀/")
        #expect(string.value == .string)
        #expect(root.range.start.line == 1)
        #expect(root.range.end.line == 4)
    }

    @Test(
        "refused",
        arguments: [
            ("", "1:1 syntax"), ("{", "1:2 syntax"), ("{}x", "1:3 syntax"), ("[1,]", "1:4 syntax"),
            ("{\"a\":1,}", "1:8 syntax"), ("{a:1}", "1:2 syntax"), ("{\"a\" 1}", "1:6 syntax"), ("[01]", "1:2 syntax"),
            ("[+1]", "1:2 syntax"), ("[.5]", "1:2 syntax"), ("[1.]", "1:2 syntax"), ("[NaN]", "1:2 syntax"),
            ("['a']", "1:2 syntax"), ("[\"a]", "1:5 syntax"), ("[\"a\nb\"]", "1:4 syntax"), ("[\"\\x\"]", "1:3 syntax"),
            ("[\"\\ud800\"]", "1:3 syntax"), ("[\"\\u12g4\"]", "1:3 syntax"), ("[\"\\u-123\"]", "1:3 syntax"),
            ("{\"a\":1,\"a\":2}", "1:8 duplicate-key"), ("{\"a\":1,\"\\u0061\":2}", "1:8 duplicate-key"),
            ("[1] // c", "1:5 syntax"), ("[\"a\tb\"]", "1:4 syntax"), ("tru", "1:1 syntax"),
            (String(repeating: "[", count: 100_000), "1:33 too-deep"),
        ])
    func refused(text: String, expected: String) {
        #expect(problems(text) == [expected])
    }

    @Test("what Foundation reads, we read; what we read, Foundation reads")
    func agreesWithFoundation() {
        var state: UInt64 = 88_172_645_463_325_252
        let pieces = [
            "{", "}", "[", "]", ",", ":", "\"a\"", "\"b\"", "1", "-0", "0.5", "true", "null", " ", "\"\\u00e9\"",
        ]
        for _ in 0..<20_000 {
            var text = ""
            for _ in 0..<6 {
                state ^= state << 13
                state ^= state >> 7
                state ^= state << 17
                text += pieces[Int(state % UInt64(pieces.count))]
            }
            if text.contains("\"a\"\"") || text.isEmpty { continue }
            let data = Data(text.utf8)
            let theirs = (try? JSONSerialization.jsonObject(with: data, options: [.fragmentsAllowed])) != nil
            let found = problems(text)
            // Foundation takes duplicate keys.
            #expect(found.filter { !$0.hasSuffix("duplicate-key") }.isEmpty == theirs, "\(text)")
        }
    }
}
