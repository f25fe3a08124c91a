/// Maps libyaml's marks, which count characters from where its input starts, to places of the whole text.
struct MarkMap {
    private let source: SourceText
    /// Where the input of the parser starts: the first column of a line.
    let base: SourcePosition
    /// The last mapped character; marks mostly move forward by little.
    private var index = 0
    private var offset: Int

    init(source: SourceText, base: SourcePosition) {
        self.source = source
        self.base = base
        offset = base.offset
    }

    mutating func position(_ mark: LibYAMLEvents.Mark) -> SourcePosition {
        let offset = offset(mark.index)
        let position = SourcePosition(offset: offset, line: base.line + mark.line, column: mark.column + 1)
        guard offset == source.bytes.count, mark.column == 0, mark.line > 0, source.bytes.last != UInt8(ascii: "\n")
        else { return position }
        // libyaml ends a last line that has no line break.
        return endOfText(line: position.line - 1)
    }

    private func endOfText(line: Int) -> SourcePosition {
        var start = source.bytes.count
        var columns = 1
        while start > source.start, source.bytes[start - 1] != UInt8(ascii: "\n") {
            start -= 1
            if source.bytes[start] & 0xC0 != 0x80 { columns += 1 }
        }
        return SourcePosition(offset: source.bytes.count, line: line, column: columns)
    }

    private mutating func offset(_ target: Int) -> Int {
        if source.isASCII { return min(base.offset + target, source.bytes.count) }
        let bytes = source.bytes
        while index < target, offset < bytes.count {
            offset += 1
            while offset < bytes.count, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
            index += 1
        }
        while index > target, offset > base.offset {
            offset -= 1
            while offset > base.offset, bytes[offset] & 0xC0 == 0x80 { offset -= 1 }
            index -= 1
        }
        return offset
    }
}
