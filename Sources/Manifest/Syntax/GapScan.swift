/// Walks over bytes that no scalar covers.
struct GapScan {
    private let source: SourceText
    private var offset: Int
    private var line: Int
    /// Start of the current line, if it was seen.
    private var lineStart: Int?
    private let first: SourcePosition
    private let blockColumn: Int
    private let inFlow: Bool

    init(source: SourceText, cursor: SourcePosition, blockColumn: Int, inFlow: Bool) {
        self.source = source
        first = cursor
        offset = cursor.offset
        line = cursor.line
        lineStart = cursor.column == 1 ? cursor.offset : nil
        self.blockColumn = blockColumn
        self.inFlow = inFlow
    }

    /// The first byte before `end` that may not stand there.
    mutating func run(to end: Int) -> SyntaxError? {
        let bytes = source.bytes
        let end = min(end, bytes.count)
        var atLineStart = lineStart != nil
        while offset < end {
            let byte = bytes[offset]
            if byte == UInt8(ascii: " ") {
                offset += 1
                continue
            }
            if byte == UInt8(ascii: "\n") {
                offset += 1
                line += 1
                lineStart = offset
                atLineStart = true
                continue
            }
            if byte == UInt8(ascii: "\r") {
                offset += 1
                continue
            }
            if byte == UInt8(ascii: "#") {
                guard atLineStart || bytes[offset - 1] == UInt8(ascii: " ") else {
                    return error(.syntax, "a comment needs a space before its #", "write a space before #")
                }
                while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
                continue
            }
            if atLineStart, let error = checkFlowIndentation() { return error }
            if let error = checkIndicator(byte, atLineStart) { return error }
            atLineStart = false
        }
        if atLineStart, offset == end, end < bytes.count { return checkFlowIndentation() }
        return nil
    }

    private mutating func checkIndicator(_ byte: UInt8, _ atLineStart: Bool) -> SyntaxError? {
        let bytes = source.bytes
        switch byte {
        case UInt8(ascii: "\t"): return .tab(position)
        case UInt8(ascii: ":"):
            guard isColonSeparated else {
                return error(.syntax, "a space is missing behind the colon", "write key: value")
            }
        case UInt8(ascii: "-"), UInt8(ascii: ","), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "{"),
            UInt8(ascii: "}"):
            break
        case UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"):
            // Reported with the node it belongs to.
            while offset < bytes.count, bytes[offset] > UInt8(ascii: " ") { offset += 1 }
            return nil
        case UInt8(ascii: "?"):
            return error(.invalidKey, "complex keys (? key) are not supported", "write key: value")
        case UInt8(ascii: "%") where atLineStart && lineStart == offset:
            guard mayHoldDirectives else {
                return error(
                    .directive, "a directive needs a line ... before it", "remove it, or end the document before by ..."
                )
            }
            while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
            return nil
        case UInt8(ascii: ".") where atLineStart && lineStart == offset && isDocumentEnd:
            offset += 2
        default:
            return error(.unsupportedSyntax, "this is not understood here", "write it in a simpler way, or quote it")
        }
        offset += 1
        return nil
    }

    /// Whether nothing but comments and other directives stands above, up to the start of the text or a `...` line.
    private var mayHoldDirectives: Bool {
        let bytes = source.bytes
        var line = offset
        while line > source.start {
            var above = line - 1
            while above > source.start, bytes[above - 1] != UInt8(ascii: "\n") { above -= 1 }
            var content = above
            while bytes[content] == UInt8(ascii: " ") { content += 1 }
            switch bytes[content] {
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "#"), UInt8(ascii: "%"): line = above
            default: return bytes[above..<line].starts(with: "...".utf8)
            }
        }
        return true
    }

    private var isDocumentEnd: Bool {
        let bytes = source.bytes
        return offset + 2 < bytes.count && bytes[offset + 1] == UInt8(ascii: ".")
            && bytes[offset + 2] == UInt8(ascii: ".")
    }

    /// In brackets libyaml reads `{a :b}` as a pair; YAML does not.
    private var isColonSeparated: Bool {
        let bytes = source.bytes
        guard inFlow, offset + 1 < bytes.count else { return true }
        switch bytes[offset + 1] {
        case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: ","), UInt8(ascii: "]"),
            UInt8(ascii: "}"), UInt8(ascii: "["), UInt8(ascii: "{"):
            return true
        default:
            return offset > 0
                && (bytes[offset - 1] == UInt8(ascii: "\"") || bytes[offset - 1] == UInt8(ascii: "'"))
        }
    }

    /// Lines inside brackets must stand deeper than the block around them.
    private func checkFlowIndentation() -> SyntaxError? {
        guard inFlow, let lineStart, offset - lineStart <= blockColumn else { return nil }
        return error(
            .unsupportedSyntax, "lines inside brackets must be indented deeper than the key",
            "indent it to column \(blockColumn + 2) or more, or close the bracket before it")
    }

    private var position: SourcePosition {
        let column = lineStart.map { offset - $0 + 1 } ?? first.column + offset - first.offset
        return SourcePosition(offset: offset, line: line, column: column)
    }

    private func error(_ code: ProblemCode, _ message: String, _ suggestion: String) -> SyntaxError {
        SyntaxError(position, code, message, suggestion: suggestion)
    }
}
