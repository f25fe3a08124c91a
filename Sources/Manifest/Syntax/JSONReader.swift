/// Reads one JSON text (RFC 8259) into the same nodes as YAML: strictly, with positions, duplicate keys refused.
struct JSONReader {
    private let source: SourceText
    private var offset: Int
    private var line = 1
    private var lineStart: Int
    /// Continuation bytes of the current line, which count no column.
    private var continuations = 0
    private var depth = 0
    private(set) var errors: [SyntaxError] = []

    init(_ source: SourceText) {
        self.source = source
        offset = source.start
        lineStart = source.start
    }

    /// The document; nil if the text is no JSON, with the reason in `errors`.
    mutating func read() -> SyntaxDocument? {
        do throws(SyntaxError) {
            skipSpace()
            let root = try value()
            skipSpace()
            guard offset == source.bytes.count else {
                throw fault("there is something behind the end of the JSON text")
            }
            return SyntaxDocument(root: root, hasProblems: !errors.isEmpty)
        } catch {
            errors.append(error)
            return nil
        }
    }

    private var position: SourcePosition {
        SourcePosition(offset: offset, line: line, column: offset - lineStart - continuations + 1)
    }

    private var byte: UInt8 { offset < source.bytes.count ? source.bytes[offset] : 0 }

    private func fault(_ message: String, suggestion: String? = nil) -> SyntaxError {
        SyntaxError(position, .syntax, message, suggestion: suggestion)
    }

    private mutating func skipSpace() {
        while offset < source.bytes.count {
            switch source.bytes[offset] {
            case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): offset += 1
            case UInt8(ascii: "\n"):
                offset += 1
                line += 1
                lineStart = offset
                continuations = 0
            default: return
            }
        }
    }

    private mutating func value() throws(SyntaxError) -> Node {
        let start = position
        switch byte {
        case UInt8(ascii: "{"): return try nested(start) { (reader) throws(SyntaxError) in .map(try reader.entries()) }
        case UInt8(ascii: "["): return try nested(start) { (reader) throws(SyntaxError) in .list(try reader.items()) }
        case UInt8(ascii: "\""):
            let text = try string()
            return Node(.scalar(Scalar(text: text, style: .double)), range: SourceRange(start: start, end: position))
        default: return try word(start)
        }
    }

    private mutating func nested(
        _ start: SourcePosition, _ content: (inout JSONReader) throws(SyntaxError) -> Node.Content
    ) throws(SyntaxError) -> Node {
        depth += 1
        defer { depth -= 1 }
        guard depth <= YAMLReader.maximumDepth else {
            throw SyntaxError(start, .tooDeep, "nested deeper than \(YAMLReader.maximumDepth) levels")
        }
        offset += 1
        let content = try content(&self)
        return Node(content, range: SourceRange(start: start, end: position))
    }

    private mutating func items() throws(SyntaxError) -> [Node] {
        var items: [Node] = []
        skipSpace()
        if take(UInt8(ascii: "]")) { return items }
        while true {
            skipSpace()
            items.append(try value())
            skipSpace()
            if take(UInt8(ascii: "]")) { return items }
            guard take(UInt8(ascii: ",")) else { throw fault("expected \",\" or \"]\"") }
        }
    }

    private mutating func entries() throws(SyntaxError) -> [Entry] {
        var entries: [Entry] = []
        var index = KeyIndex()
        skipSpace()
        if take(UInt8(ascii: "}")) { return entries }
        while true {
            skipSpace()
            let start = position
            guard byte == UInt8(ascii: "\"") else { throw fault("expected a key in double quotes") }
            let key = Key(text: try string(), style: .double, range: SourceRange(start: start, end: position))
            skipSpace()
            guard take(UInt8(ascii: ":")) else { throw fault("expected \":\" behind a key") }
            skipSpace()
            let value = try value()
            if let first = index.insert(key, entries) {
                errors.append(.duplicateKey(key, first))
            } else {
                entries.append(Entry(key: key, value: value))
            }
            skipSpace()
            if take(UInt8(ascii: "}")) { return entries }
            guard take(UInt8(ascii: ",")) else { throw fault("expected \",\" or \"}\"") }
        }
    }

    private mutating func take(_ expected: UInt8) -> Bool {
        guard byte == expected else { return false }
        offset += 1
        return true
    }

    private mutating func word(_ start: SourcePosition) throws(SyntaxError) -> Node {
        let first = offset
        while offset < source.bytes.count, isWordByte(source.bytes[offset]) { offset += 1 }
        let text = String(decoding: source.bytes[first..<offset], as: UTF8.self)
        guard text == "true" || text == "false" || text == "null" || JSONReader.isNumber(source.bytes[first..<offset])
        else {
            throw SyntaxError(
                start, .syntax, text.isEmpty ? "expected a value" : "\(Printable.quoted(text)) is no JSON value",
                suggestion: text.isEmpty ? nil : "put texts into double quotes")
        }
        return Node(.scalar(Scalar(text: text, style: .plain)), range: SourceRange(start: start, end: position))
    }

    private func isWordByte(_ byte: UInt8) -> Bool {
        InterfaceName.isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
            || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_")
    }

    /// `-? (0 | [1-9][0-9]*) (\.[0-9]+)? ([eE][+-]?[0-9]+)?`
    private static func isNumber(_ bytes: ArraySlice<UInt8>) -> Bool {
        var rest = bytes
        func digits(_ rest: inout ArraySlice<UInt8>) -> Int {
            let count = rest.prefix { (48...57).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let startsWithZero = rest.first == UInt8(ascii: "0")
        let whole = digits(&rest)
        guard whole > 0, whole == 1 || !startsWithZero else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard digits(&rest) > 0 else { return false }
        }
        if let exponent = rest.first, exponent | 0x20 == UInt8(ascii: "e") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard digits(&rest) > 0 else { return false }
        }
        return rest.isEmpty
    }

    private mutating func string() throws(SyntaxError) -> String {
        let bytes = source.bytes
        offset += 1
        var text: [UInt8] = []
        while offset < bytes.count {
            let byte = bytes[offset]
            switch byte {
            case UInt8(ascii: "\""):
                offset += 1
                return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"): try escape(into: &text)
            case 0..<0x20:
                throw fault("a string ends in this line without its closing quote, or holds a raw control character")
            default:
                if byte & 0xC0 == 0x80 { continuations += 1 }
                text.append(byte)
                offset += 1
            }
        }
        throw fault("a string is not closed")
    }

    private mutating func escape(into text: inout [UInt8]) throws(SyntaxError) {
        let place = position
        offset += 1
        let escaped = byte
        offset += 1
        switch escaped {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escaped)
        case UInt8(ascii: "b"): text.append(8)
        case UInt8(ascii: "f"): text.append(12)
        case UInt8(ascii: "n"): text.append(10)
        case UInt8(ascii: "r"): text.append(13)
        case UInt8(ascii: "t"): text.append(9)
        case UInt8(ascii: "u"):
            guard let scalar = unicodeEscape() else {
                throw SyntaxError(place, .syntax, "\\u needs four hexadecimal digits, and surrogates come in pairs")
            }
            text.append(contentsOf: String(Character(scalar)).utf8)
        default:
            throw SyntaxError(place, .syntax, "unknown escape in a string", suggestion: "write \\\\ for a backslash")
        }
    }

    private mutating func unicodeEscape() -> Unicode.Scalar? {
        guard let first = hexDigits() else { return nil }
        guard (0xD800...0xDBFF).contains(first) else { return Unicode.Scalar(first) }
        guard take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")), let second = hexDigits(),
            (0xDC00...0xDFFF).contains(second)
        else { return nil }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private mutating func hexDigits() -> UInt32? {
        guard offset + 4 <= source.bytes.count else { return nil }
        let digits = source.bytes[offset..<offset + 4]
        guard digits.allSatisfy({ InterfaceName.isAlphanumeric($0) }) else { return nil }
        offset += 4
        return UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
    }
}

extension SyntaxError {
    static func duplicateKey(_ key: Key, _ first: SourcePosition) -> SyntaxError {
        SyntaxError(
            key.range.start, .duplicateKey,
            "key \(Printable.quoted(key.text)) stands twice in one mapping, first in line \(first.line)",
            suggestion: "remove one of them")
    }
}
