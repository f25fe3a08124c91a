// Texts whose lines stand alone behind a `|`.
extension DocumentLayout {
    /// The lines of a literal text that differ; nil where the new text has another form: that of
    /// a word, or one that the header does not allow.
    func literalReplacement(of place: Place, by value: EditValue) -> TextChange? {
        guard !writer.isJSON, case .scalar(let scalar) = place.node.content, scalar.style == .literal,
            case .string(let text) = value, text.utf8.contains(UInt8(ascii: "\n"))
        else { return nil }
        let (old, new) = (LiteralText(scalar.text), LiteralText(text))
        // The header says how the text ends, and the first line how deep it stands.
        guard old.lineBreaks == new.lineBreaks, !new.lines.isEmpty, new.lines[0].first != UInt8(ascii: " "),
            let starts = lineStarts(of: old.lines, behind: place.node.range.start.offset),
            let indentation = indentation(of: old.lines, starts)
        else { return nil }
        let shorter = min(old.lines.count, new.lines.count)
        var head = 0
        while head < shorter, old.lines[head].elementsEqual(new.lines[head]) { head += 1 }
        var tail = 0
        while tail < shorter - head,
            old.lines[old.lines.count - 1 - tail].elementsEqual(new.lines[new.lines.count - 1 - tail])
        { tail += 1 }
        let lineBreak = Array(lineBreak(at: place.node.range.start.offset).utf8)
        let margin = [UInt8](repeating: UInt8(ascii: " "), count: indentation)
        let written = new.lines[head..<(new.lines.count - tail)].flatMap { ($0.isEmpty ? [] : margin + $0) + lineBreak }
        return TextChange(splices: [Splice(starts[head]..<starts[old.lines.count - tail], written)])
    }

    /// Where the lines begin, and where the one behind them would; nil where the last one has no line break.
    private func lineStarts(of lines: [ArraySlice<UInt8>], behind header: Int) -> [Int]? {
        var starts = [nextLine(header)]
        for _ in lines { starts.append(nextLine(starts[starts.count - 1])) }
        guard let end = starts.last, end > 0, bytes[end - 1] == UInt8(ascii: "\n") else { return nil }
        return starts
    }

    /// The spaces before each line that belong to the form; nil without a line that has content.
    private func indentation(of lines: [ArraySlice<UInt8>], _ starts: [Int]) -> Int? {
        guard let number = lines.firstIndex(where: { $0.contains { $0 != UInt8(ascii: " ") } }) else { return nil }
        let own = lines[number].prefix { $0 == UInt8(ascii: " ") }.count
        return content(starts[number]) - starts[number] - own
    }
}

/// A text as lines, without the line breaks that end it.
private struct LiteralText {
    let lines: [ArraySlice<UInt8>]
    /// How many line breaks end the text.
    let lineBreaks: Int

    init(_ text: String) {
        var bytes = Array(text.utf8)[...]
        while bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        lineBreaks = text.utf8.count - bytes.count
        lines = bytes.isEmpty ? [] : bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    }
}
