// What stands between scalars, and how scalars span lines.
extension YAMLReader {
    /// Checks every byte from `cursor` to `end`: white space, comments and indicators only.
    mutating func checkGap(to end: SourcePosition) {
        var scan = GapScan(source: source, cursor: cursor, blockColumn: blockColumn, inFlow: flowDepth > 0)
        if let error = scan.run(to: end.offset) { report(error) }
        if end.line > 0, end.offset > cursor.offset { cursor = end }
    }

    /// The place behind the `:` that follows a key, or `start` when there is none before `end`.
    func behindColon(from start: SourcePosition, to end: SourcePosition) -> SourcePosition {
        let bytes = source.bytes
        var offset = start.offset
        var line = start.line
        var lineStart: Int?
        while offset < min(end.offset, bytes.count) {
            switch bytes[offset] {
            case UInt8(ascii: ":"):
                let column = lineStart.map { offset - $0 + 1 } ?? start.column + offset - start.offset
                return SourcePosition(offset: offset + 1, line: line, column: column + 1)
            case UInt8(ascii: "#"):
                while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
            case UInt8(ascii: "\n"):
                offset += 1
                line += 1
                lineStart = offset
            default: offset += 1
            }
        }
        return start
    }

    /// Lines that continue a quoted or plain scalar must stand deeper than the block around it, indented by spaces.
    func checkContinuationLines(_ start: SourcePosition, _ end: SourcePosition) throws(SyntaxError) {
        let bytes = source.bytes
        var offset = start.offset
        var line = start.line
        while offset < end.offset {
            guard bytes[offset] == UInt8(ascii: "\n") else {
                offset += 1
                continue
            }
            let lineStart = offset + 1
            line += 1
            offset = lineStart
            while offset < end.offset, bytes[offset] == UInt8(ascii: " ") { offset += 1 }
            guard offset < end.offset else { return }
            let place = SourcePosition(offset: offset, line: line, column: offset - lineStart + 1)
            switch bytes[offset] {
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"): continue
            case UInt8(ascii: "\t"): throw SyntaxError.tab(place)
            default:
                if offset - lineStart <= blockColumn {
                    throw SyntaxError(
                        place, .unsupportedSyntax, "this line continues a text and must be indented deeper",
                        suggestion:
                            "indent it to column \(blockColumn + 2) or more, or close the quote or bracket before it")
                }
            }
        }
    }

    /// Parsers disagree about tabs inside plain scalars.
    mutating func checkPlain(_ scalar: Scalar, _ start: SourcePosition) {
        guard let tab = scalar.text.utf8.firstIndex(of: UInt8(ascii: "\t")) else { return }
        let columns = scalar.text.unicodeScalars.distance(from: scalar.text.startIndex, to: tab)
        let bytes = scalar.text.utf8.distance(from: scalar.text.startIndex, to: tab)
        report(
            .tab(SourcePosition(offset: start.offset + bytes, line: start.line, column: start.column + columns)))
    }

    /// What is wrong with a scalar as a key.
    func keyError(_ scalar: Scalar, _ range: SourceRange) -> SyntaxError? {
        guard scalar.style == .plain else { return nil }
        if scalar.text.isEmpty { return SyntaxError(range.start, .invalidKey, "a key is missing before the colon") }
        if scalar.text == "<<" {
            return SyntaxError(
                range.start, .mergeKey, "merge keys (<<) are not supported", suggestion: "write the fields out")
        }
        guard scalar.value != .string else { return nil }
        return SyntaxError(
            range.start, .invalidKey, "key \(scalar.text) is not a string",
            suggestion: "write \"\(scalar.text)\":")
    }
}

extension SyntaxError {
    static func tab(_ position: SourcePosition) -> SyntaxError {
        SyntaxError(
            position, .tab, "a tab stands where only spaces are allowed", suggestion: "replace tabs by spaces")
    }
}
