import Testing

@testable import Kernel

@Suite struct JSONValueTests {
    @Test func readsWhatItWrites() throws {
        let value: JSONValue = [
            "a": [1, -2, nil, .bool(true), .bool(false)], "b\"\\\n": ["x": "ü\u{0}\u{1F}", "y": []], "c": .object([]),
        ]
        #expect(try JSONValue(parsing: value.bytes) == value)
        #expect(String(decoding: value.bytes, as: UTF8.self).contains(#""b\"\\\u000a""#))
    }

    @Test func readsEscapes() throws {
        let text = #" { "a" : "\u00e4\ud83d\ude00\/\n\t" , "b":[ ] } "#
        #expect(try JSONValue(parsing: Array(text.utf8)) == ["a": "ä😀/\n\t", "b": []])
    }

    @Test(arguments: [
        "", "{", "[1,]", "{\"a\"}", "{\"a\":1,}", "nul", "1.5", "1e3", "--1", "\"\\x\"", "\"\\ud800\"", "\"\\u12g4\"",
        "\"\n\"", "[1] 2", "\"", "99999999999999999999", String(repeating: "[", count: 100_000),
    ])
    func refusesWhatIsNoJSON(text: String) {
        #expect(throws: JSONValue.Malformed.self) { try JSONValue(parsing: Array(text.utf8)) }
    }

    @Test func randomBytesNeverCrash() {
        var generator = SplitMix(state: 11)
        let valid = Array(
            #"{"nftables": [{"set": {"elem": [{"prefix": {"addr": "10.0.0.0", "len": 8}}, "\u0041"]}}]}"#.utf8)
        for _ in 0..<20_000 {
            var bytes = valid
            for _ in 0..<3 {
                bytes[Int.random(in: bytes.indices, using: &generator)] = UInt8.random(
                    in: .min ... .max, using: &generator)
            }
            _ = try? JSONValue(parsing: bytes)
        }
    }
}
