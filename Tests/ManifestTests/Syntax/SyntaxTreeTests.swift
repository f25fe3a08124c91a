import Manifest
import Testing

@Suite("Syntax tree")
struct SyntaxTreeTests {
    @Test("positions of keys, values, lists and nested maps")
    func positions() {
        #expect(
            dump(
                "# head\nkind: Peer  # c\nip: [10.8.0.2, 'fd::2']\nlabels:\n  a: \"x\"\n\n  # tail\nroutes:\n- 1.2.3.0/24 # z\n"
            )
                == [
                    "document", "2:1-9:13 map",
                    "  2:1 «kind»:", "    2:7-2:11 plain «Peer»",
                    "  3:1 «ip»:", "    3:5-3:24 list", "      3:6-3:14 plain «10.8.0.2»",
                    "      3:16-3:23 single «fd::2»",
                    "  4:1 «labels»:", "    5:3-5:9 map", "      5:3 «a»:", "        5:6-5:9 double «x»",
                    "  8:1 «routes»:", "    9:1-9:13 list", "      9:3-9:13 plain «1.2.3.0/24»",
                ])
    }

    @Test("columns count Unicode scalars, offsets count bytes, a byte order mark counts nothing but bytes")
    func unicode() throws {
        let text = "\u{FEFF}name: Jürgen 📱 x # é\nk: \"ö\" # ü\nz: y\n"
        let bytes = Array(text.utf8)
        let tree = SyntaxTree(path: "t", bytes: bytes)
        let root = try #require(tree.documents.first?.root)
        let name = try #require(root["name"])
        #expect(String(decoding: bytes[name.range.bytes], as: UTF8.self) == "Jürgen 📱 x")
        #expect(name.range.start.column == 7)
        #expect(name.range.end.column == 17)
        #expect(String(decoding: bytes[try #require(root["k"]).range.bytes], as: UTF8.self) == "\"ö\"")
        #expect(String(decoding: bytes[try #require(root["z"]).range.bytes], as: UTF8.self) == "y")
        #expect(tree.problems.isEmpty)
    }

    @Test("empty values stand directly behind their colon or dash")
    func emptyValues() {
        #expect(
            dump("a:   # c\nb: {x: , y, z: }\nc:\n-\n- 1\nd:\n") == [
                "document", "1:1-6:3 map",
                "  1:1 «a»:", "    1:3-1:3 plain «»",
                "  2:1 «b»:", "    2:4-2:17 map", "      2:5 «x»:", "        2:7-2:7 plain «»",
                "      2:10 «y»:", "        2:11-2:11 plain «»", "      2:13 «z»:", "        2:15-2:15 plain «»",
                "  3:1 «c»:", "    4:1-5:4 list", "      4:2-4:2 plain «»", "      5:3-5:4 plain «1»",
                "  6:1 «d»:", "    6:3-6:3 plain «»",
            ])
    }

    @Test("block scalars end at their last content line")
    func blockScalars() {
        #expect(
            dump("a: |\n  x\n  y\n\n\nb: >-\n   f\n   g\n# c\nc: |+\n  k\n\n\nd: |2\n    i\n  \n# e\ne: |\n\nf: |-\n")
                == [
                    "document", "1:1-20:6 map",
                    "  1:1 «a»:", "    1:4-3:4 literal «x\\ny\\n»",
                    "  6:1 «b»:", "    6:4-8:5 folded «f g»",
                    "  10:1 «c»:", "    10:4-13:1 literal «k\\n\\n\\n»",
                    "  14:1 «d»:", "    14:4-15:6 literal «  i\\n»",
                    "  18:1 «e»:", "    18:4-18:5 literal «»",
                    "  20:1 «f»:", "    20:4-20:6 literal «»",
                ])
    }

    @Test("several documents, and a broken one in between")
    func documents() {
        #expect(
            dump("%YAML 1.2\n---\na: 1\n...\n---\nb: [\n---\nc: 3\n---\n# nothing\n---\nd: 'x\n--- # last\ne: 5\n") == [
                "document", "3:1-3:5 map", "  3:1 «a»:", "    3:4-3:5 plain «1»",
                "document", "8:1-8:5 map", "  8:1 «c»:", "    8:4-8:5 plain «3»",
                "document", "14:1-14:5 map", "  14:1 «e»:", "    14:4-14:5 plain «5»",
                "7:1 syntax", "13:1 syntax",
            ])
    }

    @Test(
        "the YAML 1.2 core schema",
        arguments: [
            ("", ScalarValue.null), ("~", .null), ("null", .null), ("Null", .null), ("NULL", .null), ("nULL", .string),
            ("true", .boolean(true)), ("True", .boolean(true)), ("FALSE", .boolean(false)), ("yes", .string),
            ("no", .string), ("on", .string), ("off", .string), ("y", .string), ("0", .integer(0)),
            ("-1", .integer(-1)),
            ("+25", .integer(25)), ("012", .ambiguous), ("-00", .ambiguous), ("0o17", .integer(15)),
            ("0x1F", .integer(31)), ("0x", .string), ("0o8", .string), ("-0x1", .string), ("1_000", .string),
            ("12:30:45", .string), ("1.5", .number), ("1.", .number), (".5", .number), (".", .string), ("-", .string),
            ("+", .string), ("1e3", .number), ("1e", .string), ("1e+", .string), ("1.2.3", .string),
            ("10.8.0.2", .string), ("2027-01-01", .string), (".inf", .number), ("-.INF", .number), (".nan", .number),
            ("-.nan", .string), ("9223372036854775807", .integer(.max)), ("9223372036854775808", .number),
            ("-.", .string), ("e5", .string),
        ])
    func coreSchema(text: String, value: ScalarValue) {
        #expect(ScalarValue(plain: text) == value)
    }

    @Test("CRLF line breaks keep ranges exact")
    func carriageReturns() {
        #expect(
            dump("a: x\r\nb: |\r\n  l\r\n\r\nc: 'm\r\n  n'\r\n") == [
                "document", "1:1-6:5 map", "  1:1 «a»:", "    1:4-1:5 plain «x»",
                "  2:1 «b»:", "    2:4-3:4 literal «l\\n»", "  5:1 «c»:", "    5:4-6:5 single «m n»",
            ])
    }
}
