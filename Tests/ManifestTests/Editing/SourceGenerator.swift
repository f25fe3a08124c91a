/// Writes random files of every shape that people write by hand: each comment has a number of its own (`#c7`), so that
/// none can be taken for another.
struct SourceGenerator {
    private(set) var random: Random
    private var comments = 0
    private var keys = 0
    private var lineBreak = "\n"
    private var step = 2
    private var listOffset = 2
    /// A blank line now would belong to the text before.
    private var followsKeptLines = false
    /// The last value is a text that needs its line break.
    private var endsInText = false

    init(seed: Int) { random = Random(seed: UInt64(seed)) }

    mutating func next(_ count: Int) -> Int { random.next(count) }

    /// One in `count`.
    private mutating func rarely(_ count: Int) -> Bool { random.next(count) == 0 }

    // MARK: - YAML

    mutating func file() -> String {
        lineBreak = rarely(4) ? "\r\n" : "\n"
        step = [2, 2, 4, 3][next(4)]
        listOffset = rarely(2) ? 0 : step
        var text = rarely(8) ? "\u{FEFF}" : ""
        if rarely(3) { text += "# yaml-language-server \(comment())" + lineBreak }
        if rarely(6) { text += lineBreak }
        if rarely(4) { text += marker() }
        let count = rarely(2) ? 1 : 1 + next(4)
        for number in 0..<count {
            if number > 0 { text += separator() }
            text += document()
        }
        if rarely(5) { text += "# end \(comment())" + lineBreak }
        if rarely(5), !endsInText { text = String(text.dropLast(1)) }
        return text
    }

    private mutating func separator() -> String {
        followsKeptLines = false
        var text = rarely(4) ? lineBreak : ""
        if rarely(6) { text += "# between \(comment())" + lineBreak }
        if rarely(10) { text += "..." + lineBreak }
        return text + marker()
    }

    private mutating func marker() -> String { "---" + (rarely(5) ? " # \(comment())" : "") + lineBreak }

    private mutating func document() -> String {
        if rarely(10) { return flowMap(column: -1, depth: 0) + lineBreak }
        var text = ""
        if rarely(6) { text += "# section \(comment())" + lineBreak + lineBreak }
        if rarely(3) { text += "# about \(comment())" + lineBreak }
        return text + map(column: 0, depth: 0)
    }

    private mutating func comment() -> String {
        comments += 1
        endsInText = false
        return "#c\(comments) [é\"'"
    }

    private mutating func tail() -> String {
        endsInText = false
        return (rarely(4) ? "  # \(comment())" : "") + lineBreak
    }

    private func spaces(_ count: Int) -> String { String(repeating: " ", count: max(0, count)) }

    private mutating func between(column: Int) -> String {
        var text = ""
        if rarely(5), !followsKeptLines { text += lineBreak + (rarely(4) ? lineBreak : "") }
        followsKeptLines = false
        if rarely(4) {
            for _ in 0...next(2) { text += spaces(column) + "# \(comment())" + lineBreak }
            if rarely(5) { text += lineBreak }
        }
        if rarely(12) { text += spaces(next(column + 4)) + "# odd \(comment())" + lineBreak }
        return text
    }

    private mutating func map(column: Int, depth: Int, isCompact: Bool = false) -> String {
        var text = ""
        for number in 0..<(1 + next(5)) {
            if number > 0 || !isCompact { text += between(column: column) }
            text += spaces(column) + key() + ":" + value(column: column, depth: depth)
        }
        return text
    }

    private mutating func key() -> String {
        keys += 1
        let name = ["key", "k ö", "name", "a-b", "日本"][next(5)] + String(keys)
        return [name, name, name, "\"\(name)\"", "'\(name)'"][next(5)]
    }

    private mutating func value(column: Int, depth: Int) -> String {
        let inner = column + (rarely(8) ? 1 + next(5) : step)
        switch next(depth < 3 ? 13 : 9) {
        case 0: return blockScalar(column: column)
        case 1: return " " + flowList(column: column, depth: 1) + tail()
        case 2: return " " + flowMap(column: column, depth: 1) + tail()
        case 3: return (rarely(2) ? " " : "") + tail()
        case 4: return " " + long(column: column) + tail()
        case 5...8: return spaces(1 + (rarely(6) ? next(4) : 0)) + scalar(inFlow: false) + tail()
        case 9, 10: return tail() + map(column: inner, depth: depth + 1)
        default: return tail() + list(column: column + (rarely(8) ? next(4) : listOffset), depth: depth + 1)
        }
    }

    private mutating func list(column: Int, depth: Int) -> String {
        var text = ""
        let gap = rarely(6) ? 1 + next(3) : 1
        for _ in 0..<(1 + next(4)) {
            text += between(column: column) + spaces(column) + "-"
            switch next(6) {
            case 0 where depth < 4:
                text += spaces(gap) + map(column: column + 1 + gap, depth: depth + 1, isCompact: true).trimmed
            case 1 where depth < 4: text += spaces(gap) + list(column: column + 1 + gap, depth: depth + 1).trimmed
            case 2 where depth < 4: text += tail() + map(column: column + 2, depth: depth + 1)
            default:
                if rarely(8) {
                    text += value(column: column, depth: 9)
                } else {
                    text += spaces(gap) + scalar(inFlow: false) + tail()
                }
            }
        }
        return text
    }

    private mutating func flowList(column: Int, depth: Int) -> String {
        flow("[", "]", column: column, depth: depth) { $0.flowValue(column: column, depth: depth) }
    }

    private mutating func flowMap(column: Int, depth: Int) -> String {
        let isTight = rarely(5)
        return flow("{", "}", column: column, depth: depth) { generator in
            if isTight { return "\"f\(generator.number())\":" + generator.scalar(inFlow: true) }
            if generator.rarely(12) { return "f\(generator.number())" + (generator.rarely(2) ? ": " : "") }
            return "f\(generator.number()): " + generator.flowValue(column: column, depth: depth)
        }
    }

    fileprivate mutating func number() -> Int {
        keys += 1
        return keys
    }

    private mutating func flowValue(column: Int, depth: Int) -> String {
        guard depth < 3, rarely(4) else { return scalar(inFlow: true) }
        return rarely(2) ? flowList(column: column, depth: depth + 1) : flowMap(column: column, depth: depth + 1)
    }

    private mutating func flow(
        _ open: String, _ close: String, column: Int, depth: Int, _ element: (inout SourceGenerator) -> String
    ) -> String {
        let count = next(5)
        let indentation = spaces(column + 1 + next(4))
        let shape = depth > 1 ? 0 : next(4)
        if shape == 1 {
            // Each on a line of its own.
            var text = open + lineBreak
            for number in 0..<count {
                if rarely(5) { text += indentation + "# \(comment())" + lineBreak }
                text += indentation + element(&self) + (number < count - 1 || rarely(2) ? "," : "")
                text += (rarely(4) ? "  # \(comment())" : "") + lineBreak
            }
            return text + spaces(column + 1 + next(2)) + close
        }
        var text = open + (rarely(3) ? " " : "")
        for number in 0..<count {
            if number > 0 { text += shape == 2 && rarely(2) ? "," + lineBreak + indentation : rarely(8) ? "," : ", " }
            text += element(&self)
        }
        if count > 0, rarely(6) { text += "," }
        return text + (rarely(3) ? " " : "") + close
    }

    private mutating func scalar(inFlow: Bool) -> String {
        switch next(14) {
        case 0: String(next(70_000))
        case 1: rarely(2) ? "true" : "False"
        case 2: "'it''s \(next(100))'"
        case 3: "\"\\u00fc\\t\(next(100))\""
        case 4: "10.8.\(next(255)).\(next(255))/24"
        case 5: inFlow ? "\"fd::\(next(10))\"" : "fd42:8::\(next(10))"
        case 6: "2027-01-0\(1 + next(9))T00:00:00Z"
        case 7: "~"
        case 8: ["012", "1.5", "0x1F", "-3", "1e3"][next(5)]
        case 9: ["no", "yes", "Null", "1:30"][next(4)]
        default: ["word", "Größe 📱", "a b  c", "x#y", "Tom & Jerry", "é"][next(6)] + String(next(100))
        }
    }

    private mutating func long(column: Int) -> String {
        let indentation = spaces(column + 1 + next(3))
        switch next(3) {
        case 0: return "'it''s é" + lineBreak + lineBreak + indentation + "x'"
        case 1: return "\"tab\\t" + lineBreak + indentation + "y # no \\\"\""
        default: return "plain" + lineBreak + indentation + "over" + lineBreak + indentation + "lines"
        }
    }

    private mutating func blockScalar(column: Int) -> String {
        let indentation = spaces(column + step)
        let chomping = ["", "-", "+"][next(3)]
        followsKeptLines = chomping == "+"
        var text = (rarely(2) ? " |" : " >") + chomping + (rarely(3) ? " # \(comment())" : "") + lineBreak
        text += indentation + "one é" + lineBreak + indentation + "two # no comment" + lineBreak
        if rarely(4) { text += lineBreak + indentation + "  # three" + lineBreak }
        for _ in 0..<next(3) { text += spaces(next(column + 1)) + lineBreak }
        endsInText = chomping != "-"
        return text
    }
}

// MARK: - JSON

extension SourceGenerator {
    /// A JSON text: on one line, or indented by spaces or tabs.
    mutating func json() -> String {
        let unit = [nil, "  ", "    ", "\t"][next(4)]
        let text = jsonMap(unit: unit, depth: 0)
        return (next(3) == 0 ? "\n" : "") + text + (next(3) == 0 ? "" : "\n")
    }

    private mutating func jsonMap(unit: String?, depth: Int) -> String {
        let colon = unit == nil && next(2) == 0 ? ":" : ": "
        return jsonGroup("{", "}", unit: unit, depth: depth) { generator, unit in
            "\"k\(generator.number())\"" + colon + generator.jsonValue(unit: unit, depth: depth + 1)
        }
    }

    private mutating func jsonGroup(
        _ open: String, _ close: String, unit: String?, depth: Int,
        _ element: (inout SourceGenerator, String?) -> String
    ) -> String {
        let unit = next(5) == 0 ? nil : unit
        let elements = (0..<next(depth == 0 ? 6 : 4)).map { _ in element(&self, unit) }
        guard let unit, !elements.isEmpty else {
            return open + elements.joined(separator: [",", ", "][next(2)]) + close
        }
        let indentation = String(repeating: unit, count: depth)
        return open + "\n" + elements.map { indentation + unit + $0 }.joined(separator: ",\n") + "\n" + indentation
            + close
    }

    private mutating func jsonValue(unit: String?, depth: Int) -> String {
        switch next(depth < 4 ? 9 : 6) {
        case 0: return String(next(70_000))
        case 1: return ["true", "false", "null", "1.5", "-2"][next(5)]
        case 2: return "\"\\u00fc\\t\(next(100))\""
        case 3...5: return "\"Größe 📱\(next(100))\""
        case 6, 7:
            return jsonGroup("[", "]", unit: unit, depth: depth) { $0.jsonValue(unit: $1, depth: depth + 1) }
        default: return jsonMap(unit: unit, depth: depth)
        }
    }
}

extension String {
    fileprivate var trimmed: String { String(drop { $0 == " " || $0 == "\n" || $0 == "\r\n" }) }
}
