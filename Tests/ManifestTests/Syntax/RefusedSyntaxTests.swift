import Manifest
import Testing

@Suite("Refused syntax")
struct RefusedSyntaxTests {
    /// The problems of a text, as `line:column code`.
    private func problems(_ text: String) -> [String] {
        SyntaxTree(path: "t.yaml", bytes: Array(text.utf8)).problems.map {
            "\($0.line):\($0.column) \($0.code.rawValue)"
        }
    }

    @Test(
        "outside the subset",
        arguments: [
            ("a: &x 1\nb: *x\n", ["1:4 anchor", "2:4 alias"]),
            ("a: &x\n  b: 1\n", ["1:4 anchor"]),
            ("a: !!str 1\n", ["1:4 tag"]),
            ("a: !foo [1]\n", ["1:4 tag"]),
            ("a: ! x\n", ["1:4 tag"]),
            ("%TAG ! tag:x,2000:\n---\na: 1\n", ["1:1 directive"]),
            ("%YAML 1.1\n---\na: 1\n", ["1:1 directive"]),
            ("%FOO x\n---\na: 1\n", ["1:1 directive"]),
            ("a: 1\n---\n# c\n%YAML 1.2\n---\na: 1\n", ["4:1 directive"]),
            ("a: |\n  x", ["2:4 unsupported-syntax"]),
            ("a: >+\n  x\n\n ", ["4:2 unsupported-syntax"]),
            ("a: 1\nb: 2\na: 3\n", ["3:1 duplicate-key"]),
            ("a: {x: 1, \"x\": 2}\n", ["1:11 duplicate-key"]),
            ("<<: {a: 1}\n", ["1:1 merge-key"]),
            ("? a\n: b\n", ["1:1 invalid-key"]),
            ("[a]: b\n", ["1:1 invalid-key"]),
            ("{a: 1}: b\n", ["1:1 invalid-key"]),
            ("1: b\n", ["1:1 invalid-key"]),
            ("null: b\n", ["1:1 invalid-key"]),
            ("true: b\n", ["1:1 invalid-key"]),
            (": b\n", ["1:1 syntax"]),
            ("a: [b: c]\n", ["1:5 unsupported-syntax"]),
        ])
    func subset(text: String, expected: [String]) {
        #expect(problems(text) == expected)
    }

    @Test(
        "tabs outside texts",
        arguments: [
            ("a:\n\tb: 1\n", ["2:1 tab"]), ("a:\tb\n", ["1:3 tab"]), ("a: b\t# c\n", ["1:5 tab"]),
            ("a:\n -\tx\n", ["2:3 tab"]), ("\ta: b\n", ["1:1 tab"]), ("a: [x,\ty]\n", ["1:7 tab"]),
            ("a: |\n\tx\n", ["2:1 tab"]), ("a: \"x\n\ty\"\n", ["2:1 tab"]), ("a: |\t# c\n  x\n", ["1:5 tab"]),
            ("a: \"x\ty\"\n", []), ("a: |\n  x\ty\n  \tz\n", []), ("a: b # c\td\n", []),
        ])
    func tabs(text: String, expected: [String]) {
        #expect(problems(text) == expected)
    }

    @Test(
        "illegal YAML that libyaml accepts, and forms that parsers read differently",
        arguments: [
            ("a: [b]#c\n", ["1:7 syntax"]), ("a: [b,#c\n d]\n", ["1:7 syntax"]), ("a: |#c\n  x\n", ["1:5 syntax"]),
            ("a: [\nb]\n", ["2:1 unsupported-syntax"]), ("a: {\n  b: c\n}\n", ["3:1 unsupported-syntax"]),
            ("a: \"x\ny\"\n", ["2:1 unsupported-syntax"]), ("a: {\"b\" :c}\n", ["1:9 syntax"]),
            ("--- a: b\n", ["1:6 syntax"]), ("--- - b\n", ["1:5 syntax"]),
            ("a: |\n    \n  x\n", ["2:1 unsupported-syntax"]), ("a:\n|1\nb: c\n", ["2:1 unsupported-syntax"]),
            ("a:\n  b:\n  >\n    c\n", ["3:3 unsupported-syntax"]), ("a:\n  |\n  x\n", []), ("|\n x\n", []),
            ("a: \"it\\'s\"\n", ["1:7 syntax"]),
            ("a: [\n  b,\n  c\n  ]\n", []), ("a: {\"b\":1}\n", []), ("--- {a: b}\n", []), ("--- # c\na: b\n", []),
        ])
    func refused(text: String, expected: [String]) {
        #expect(problems(text) == expected)
    }

    @Test(
        "characters",
        arguments: [
            ([0x61, 0x3A, 0x20, 0x00], "1:4 control-character"),
            ([0x61, 0x0A, 0xC3, 0xA9, 0x07], "2:2 control-character"),
            ([0x61, 0x0D, 0x62], "1:2 control-character"),
            ([0x61, 0x7F], "1:2 control-character"),
            ([0x61, 0xC2, 0x85], "1:2 control-character"),
            ([0x61, 0xE2, 0x80, 0xA8], "1:2 control-character"),
            ([0x61, 0xEF, 0xBB, 0xBF], "1:2 control-character"),
            ([0x61, 0xFF], "1:2 invalid-utf8"),
            ([0x61, 0xC0, 0x80], "1:2 invalid-utf8"),
            ([0x61, 0xED, 0xA0, 0x80], "1:2 invalid-utf8"),
            ([0x61, 0xF4, 0x90, 0x80, 0x80], "1:2 invalid-utf8"),
            ([0x61, 0xC3], "1:2 invalid-utf8"),
            ([0xFF, 0xFE, 0x61, 0x00], "1:1 invalid-utf8"),
        ] as [([UInt8], String)])
    func characters(bytes: [UInt8], expected: String) {
        let tree = SyntaxTree(path: "t.yaml", bytes: bytes)
        #expect(tree.problems.map { "\($0.line):\($0.column) \($0.code.rawValue)" } == [expected])
        #expect(!tree.isComplete)
    }

    @Test("a file of 100 MB is refused at once, before any byte is looked at")
    func size() {
        let tree = SyntaxTree(path: "t.yaml", bytes: [UInt8](repeating: 0, count: 100_000_000))
        #expect(tree.problems.map(\.code) == [.fileTooLarge])
        #expect(!tree.isComplete)
    }

    @Test(
        "deep nesting",
        arguments: [
            String(repeating: "[", count: 100_000), String(repeating: "{a: ", count: 100_000),
            String(repeating: "- ", count: 100_000), String(repeating: "[\n ", count: 100_000),
            (0..<2000).map { String(repeating: " ", count: $0) + "a:\n" }.joined(),
        ])
    func depth(text: String) {
        let clock = ContinuousClock()
        var codes: [ProblemCode] = []
        let time = clock.measure { codes = SyntaxTree(path: "t.yaml", bytes: Array(text.utf8)).problems.map(\.code) }
        #expect(codes == [.tooDeep])
        #expect(time < .seconds(5))
    }

    @Test("32 levels are read, 33 are not")
    func depthLimit() {
        #expect(problems(String(repeating: "[", count: 32) + String(repeating: "]", count: 32)).isEmpty)
        #expect(problems(String(repeating: "[", count: 33) + String(repeating: "]", count: 33)) == ["1:33 too-deep"])
    }

    @Test("many broken documents end after 100 problems")
    func manyFailures() {
        #expect(problems(String(repeating: "---\n]\n", count: 100_000)).count == 100)
    }
}
