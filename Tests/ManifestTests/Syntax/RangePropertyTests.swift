import Manifest
import Testing

/// The text of every scalar's range, put into a minimal document, must read as the same value.
@Suite("Ranges")
struct RangePropertyTests {
    @Test("random documents: each scalar's slice reads as its value", arguments: 0..<300)
    func slices(seed: Int) throws {
        var generator = YAMLGenerator(seed: UInt64(seed))
        let text = generator.document()
        let bytes = Array(text.utf8)
        let tree = SyntaxTree(path: "t", bytes: bytes)
        #expect(tree.problems.map { $0.render() } == [], "\(text)")
        let root = try #require(tree.documents.first?.root, "\(text)")
        let found = scalars(of: root)
        #expect(found.map(\.scalar.text) == generator.expected, "\(text)")
        for (scalar, range) in found {
            let slice = String(decoding: bytes[range.bytes], as: UTF8.self)
            let endsWithBreak = range.bytes.upperBound < bytes.count
            let again = SyntaxTree(
                path: "s", bytes: Array(("k: " + slice + (endsWithBreak ? "\n" : "")).utf8))
            let value = try #require(again.documents.first?.root["k"], "«\(slice)» of\n\(text)")
            guard case .scalar(let copy) = value.content else {
                Issue.record("«\(slice)» is no scalar")
                continue
            }
            #expect(copy.text == scalar.text && copy.style == scalar.style, "«\(slice)» of\n\(text)")
            let line = 1 + bytes[..<range.start.offset].count { $0 == UInt8(ascii: "\n") }
            #expect(range.start.line == line)
        }
    }
}

/// Writes random documents of the subset and remembers the scalars it wrote.
struct YAMLGenerator {
    private var state: UInt64
    private(set) var expected: [String] = []
    private var lineBreak = "\n"
    /// A blank line now would belong to the text before.
    private var followsKeptLines = false

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 &+ 1 }

    private mutating func random(_ count: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(count))
    }

    mutating func document() -> String {
        lineBreak = random(4) == 0 ? "\r\n" : "\n"
        var text = random(5) == 0 ? "\u{FEFF}" : ""
        if random(3) == 0 { text += "# modeline é" + lineBreak }
        if random(3) == 0 { text += "---" + (random(2) == 0 ? " # c" : "") + lineBreak }
        text += map(column: 0, depth: 0)
        if random(4) == 0 { text += "# end" + lineBreak }
        return text
    }

    private mutating func map(column: Int, depth: Int) -> String {
        var text = ""
        for number in 0..<(1 + random(4)) {
            if random(4) == 0, !followsKeptLines { text += lineBreak }
            followsKeptLines = false
            if random(4) == 0 {
                text += String(repeating: " ", count: random(column + 1)) + "# comment: [ü\" '" + lineBreak
            }
            let key = ["key", "k ö", "λ", "a-b"][random(4)] + String(number)
            expected.append(key)
            let written = [key, "\"\(key)\"", "'\(key)'"][random(3)]
            text += String(repeating: " ", count: column) + written + ":"
            text += value(column: column, depth: depth)
        }
        return text
    }

    private mutating func value(column: Int, depth: Int) -> String {
        let end = (random(3) == 0 ? "  # tail" : "") + lineBreak
        let deeper = column + 1 + random(3)
        switch random(depth < 4 ? 9 : 6) {
        case 0: return flowScalar(" ", "word é 📱") + end
        case 1: return " [" + flowItems(column: column) + "]" + end
        case 2: return blockScalar(column: column)
        case 3: return quoted(column: column) + end
        case 4:
            expected.append("")
            return end
        case 5: return flowScalar("  ", "10.8.0.\(random(255))/24") + end
        case 6: return end + map(column: deeper, depth: depth + 1)
        default: return end + list(column: column + random(3), depth: depth + 1)
        }
    }

    private mutating func flowScalar(_ before: String, _ text: String) -> String {
        expected.append(text)
        return before + text
    }

    private mutating func flowItems(column: Int) -> String {
        var parts: [String] = []
        for _ in 0..<random(4) {
            let separator = random(3) == 0 ? lineBreak + String(repeating: " ", count: column + 1 + random(4)) : " "
            parts.append(separator + flowScalar("", "x\(random(100))ä"))
        }
        return parts.joined(separator: ",") + " "
    }

    private mutating func list(column: Int, depth: Int) -> String {
        var text = ""
        for _ in 0..<(1 + random(3)) {
            text += String(repeating: " ", count: column) + "-"
            if random(3) == 0 {
                let inner = map(column: column + 2, depth: depth + 1)
                let trimmed = inner.drop { $0 == " " }
                text +=
                    inner.contains("#") || inner.hasPrefix(lineBreak)
                    ? lineBreak + inner : " " + trimmed
            } else {
                text += value(column: column, depth: 4)
            }
        }
        return text
    }

    private mutating func quoted(column: Int) -> String {
        let indentation = String(repeating: " ", count: column + 1 + random(3))
        switch random(3) {
        case 0:
            expected.append("it's é\nx")
            return " 'it''s é" + lineBreak + lineBreak + indentation + "x'"
        case 1:
            expected.append("tab\tü y\"")
            return " \"tab\\t\\u00fc" + lineBreak + indentation + "y\\\"\""
        default:
            expected.append("plain over lines")
            return " plain" + lineBreak + indentation + "over" + lineBreak + indentation + "lines"
        }
    }

    private mutating func blockScalar(column: Int) -> String {
        let indentation = String(repeating: " ", count: column + 2)
        let chomping = ["", "-", "+"][random(3)]
        let isLiteral = random(2) == 0
        let blanks = random(3)
        let ending = chomping == "-" ? "" : chomping == "" ? "\n" : String(repeating: "\n", count: 1 + blanks)
        followsKeptLines = chomping == "+"
        expected.append((isLiteral ? "one é\ntwo # no comment" : "one é two # no comment") + ending)
        var text = isLiteral ? " |" : " >"
        text += chomping + (random(3) == 0 ? " # c" : "") + lineBreak
        text += indentation + "one é" + lineBreak + indentation + "two # no comment" + lineBreak
        for _ in 0..<blanks { text += String(repeating: " ", count: random(column + 1)) + lineBreak }
        return text
    }
}
