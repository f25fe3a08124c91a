// Where literal (|) and folded (>) scalars end: libyaml's mark lies behind blank lines that are no content.
extension YAMLReader {
    /// The end of the last content line of the block scalar whose `|` or `>` stands at `start`.
    func blockScalarEnd(from start: SourcePosition) throws(SyntaxError) -> SourcePosition {
        // libyaml takes a header that stands below its key in the key's own column.
        guard start.column - 1 > blockColumn else {
            throw SyntaxError(
                start, .unsupportedSyntax, "the | or > of a text must stand deeper than its key",
                suggestion: "write it behind the colon")
        }
        let header = try blockScalarHeader(from: start)
        var lines = LineScan(bytes: source.bytes, offset: header.nextLine, line: start.line + 1)
        guard let indentation = try blockScalarIndentation(header, lines) else { return header.end }
        var end = header.end
        while let line = lines.next() {
            let isContent = line.spaces >= indentation && line.spaces < line.length
            let isWhiteContent = line.isBlank && line.length > indentation
            guard isContent || line.isBlank else { break }
            if isContent || isWhiteContent || header.keepsBlankLines {
                end = SourcePosition(
                    offset: line.start + line.length, line: line.number,
                    column: columns(from: line.start, to: line.start + line.length) + 1)
            }
        }
        if end.offset == source.bytes.count, !header.strips {
            throw SyntaxError(
                end, .unsupportedSyntax, "this text ends without a line break, and readers disagree whether it has one",
                suggestion: "end the file with a line break, or begin the text with |- or >-")
        }
        return end
    }

    private struct Header {
        var end: SourcePosition
        var nextLine: Int
        var indicator: Int?
        var keepsBlankLines = false
        var strips = false
    }

    private func blockScalarHeader(from start: SourcePosition) throws(SyntaxError) -> Header {
        let bytes = source.bytes
        var offset = start.offset + 1
        var header = Header(end: start, nextLine: bytes.count)
        loop: while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "+"): header.keepsBlankLines = true
            case UInt8(ascii: "-"): header.strips = true
            case UInt8(ascii: "1")...UInt8(ascii: "9"): header.indicator = Int(bytes[offset] - UInt8(ascii: "0"))
            default: break loop
            }
            offset += 1
        }
        header.end = SourcePosition(
            offset: offset, line: start.line, column: start.column + offset - start.offset)
        if offset < bytes.count, bytes[offset] == UInt8(ascii: "#") {
            throw SyntaxError(
                header.end, .syntax, "a comment needs a space before its #", suggestion: "write a space before #")
        }
        while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") {
            if bytes[offset] == UInt8(ascii: "#") {
                while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
                break
            }
            if bytes[offset] == UInt8(ascii: "\t") {
                throw SyntaxError.tab(
                    SourcePosition(
                        offset: offset, line: start.line, column: start.column + offset - start.offset))
            }
            offset += 1
        }
        header.nextLine = min(offset + 1, bytes.count)
        return header
    }

    /// How deep the content stands; nil without content.
    private func blockScalarIndentation(_ header: Header, _ lines: LineScan) throws(SyntaxError) -> Int? {
        if let indicator = header.indicator { return max(blockColumn, 0) + indicator }
        let least = max(blockColumn + 1, 1)
        var lines = lines
        var deepestBlank: (spaces: Int, line: LineScan.Line)?
        while let line = lines.next() {
            if line.isBlank {
                if line.spaces > deepestBlank?.spaces ?? -1 { deepestBlank = (line.spaces, line) }
                continue
            }
            guard line.spaces >= least else { break }
            if let deepestBlank, deepestBlank.spaces > line.spaces {
                throw SyntaxError(
                    SourcePosition(offset: deepestBlank.line.start, line: deepestBlank.line.number, column: 1),
                    .unsupportedSyntax, "a blank line before the text has more spaces than the text's first line",
                    suggestion: "remove the spaces of the blank line")
            }
            return line.spaces
        }
        guard let deepestBlank else { return nil }
        return max(least, deepestBlank.spaces)
    }

    private func columns(from start: Int, to end: Int) -> Int {
        if source.isASCII { return end - start }
        var count = 0
        for offset in start..<end where source.bytes[offset] & 0xC0 != 0x80 { count += 1 }
        return count
    }
}

/// The lines of a text, one after the other.
struct LineScan {
    struct Line {
        /// Offset of the first byte.
        var start: Int
        /// Bytes without the line break.
        var length: Int
        /// Spaces at the start.
        var spaces: Int
        /// Counted from 1.
        var number: Int

        var isBlank: Bool { spaces == length }
    }

    let bytes: [UInt8]
    var offset: Int
    var line: Int

    mutating func next() -> Line? {
        guard offset < bytes.count else { return nil }
        let start = offset
        while offset < bytes.count, bytes[offset] == UInt8(ascii: " ") { offset += 1 }
        let spaces = offset - start
        while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
        var end = offset
        if end > start, bytes[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        offset += 1
        line += 1
        return Line(start: start, length: end - start, spaces: min(spaces, end - start), number: line - 1)
    }
}
