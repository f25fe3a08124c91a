extension LongList {
    /// What became of the items from one text to the next.
    struct Change {
        /// The items that were read again, by their numbers before.
        var old: Range<Int>
        /// The items that stand there now.
        var new: Range<Int>
        /// How far everything behind them has moved.
        var shift: SourceShift
    }

    /// Another text, of which only the items that differ are read; nil where that can't be told, or where a problem
    /// stands in them.
    func reading(_ text: [UInt8]) -> (list: LongList, change: Change)? {
        guard text.count <= SourceText.maximumSize, let piece = piece(in: text) else { return nil }
        let start = SourceShift(
            lines: items[piece.items.lowerBound].range.start.line - 1, bytes: piece.old.lowerBound)
        guard let read = read(Array(text[piece.new])) else { return nil }
        let oldLines = bytes[piece.old].count { $0 == UInt8(ascii: "\n") }
        let newLines = text[piece.new].count { $0 == UInt8(ascii: "\n") }
        let shift = SourceShift(lines: newLines - oldLines, bytes: piece.new.count - piece.old.count)
        var items = items
        let behind = items[piece.items.upperBound...]
        let moved = shift.isNone ? Array(behind) : behind.map { $0.shifted(shift) }
        items.replaceSubrange(piece.items.lowerBound..., with: read.items.map { $0.shifted(start) } + moved)
        guard items.count >= Self.fewest else { return nil }
        let end = moved.isEmpty ? read.end.shifted(start) : list.range.end.shifted(shift)
        let change = Change(
            old: piece.items, new: piece.items.lowerBound..<piece.items.lowerBound + read.items.count, shift: shift)
        return (LongList(bytes: text, document: document(items, end: end, shift), entry: entry), change)
    }

    /// The document with other items.
    private func document(_ items: [Node], end: SourcePosition, _ shift: SourceShift) -> SyntaxDocument {
        var entries = entries
        let list = Node(.list(items), range: SourceRange(start: list.range.start, end: end))
        entries[entry] = Entry(key: entries[entry].key, value: list)
        for number in entries.indices where number > entry { entries[number] = entries[number].shifted(shift) }
        let root = document.root.range
        let rootEnd = entry == entries.count - 1 ? end : root.end.shifted(shift)
        return SyntaxDocument(
            root: Node(.map(entries), range: SourceRange(start: root.start, end: rootEnd)), hasProblems: false)
    }

    // MARK: - The piece that differs

    /// Whole items, and their lines before and now.
    private struct Piece {
        var items: Range<Int>
        var old: Range<Int>
        var new: Range<Int>
    }

    private func piece(in text: [UInt8]) -> Piece? {
        let same = CommonEnds(bytes, text)
        let items = items
        // The last item whose beginning stands before the difference.
        let first = items.partitioningIndex { $0.range.start.offset > same.head } - 1
        guard first >= 0, let begin = dashLine(of: first), isDashLine(begin, in: text) else { return nil }
        let changedEnd = bytes.count - same.tail
        var last = max(first + 1, items.partitioningIndex { $0.range.start.offset > changedEnd })
        var end: Int?
        while last < items.count, end == nil {
            guard let line = dashLine(of: last) else { return nil }
            if line >= changedEnd { end = line } else { last += 1 }
        }
        guard let end = end ?? endOfLines, end >= changedEnd else { return nil }
        let newEnd = text.count - (bytes.count - end)
        guard newEnd > begin, end == bytes.count || isLineStart(newEnd, in: text) else { return nil }
        return Piece(items: first..<last, old: begin..<end, new: begin..<newEnd)
    }

    /// Where the lines of the last item end at the latest; nil where something else stands on the line of what follows.
    private var endOfLines: Int? {
        guard entry < entries.count - 1 else { return bytes.count }
        let key = entries[entry + 1].key.range.start
        let start = key.offset - (key.column - 1)
        return isLineStart(start, in: bytes) ? start : nil
    }

    /// Reads items alone; nil unless they are a list in the column of this one and nothing else.
    private func read(_ piece: [UInt8]) -> (items: [Node], end: SourcePosition)? {
        guard !holdsMarkers(piece), case .success(let source) = SourceText.check(piece) else { return nil }
        var reader = YAMLReader(source, depth: 1)
        reader.readStream()
        guard reader.errors.isEmpty, reader.isComplete, reader.documents.count == 1 else { return nil }
        let root = reader.documents[0].root
        guard case .list(let items) = root.content, root.range.start.column == list.range.start.column,
            piece[root.range.start.offset] == UInt8(ascii: "-")
        else { return nil }
        return (items, root.range.end)
    }

    /// Whether a line begins or ends a document, or is a directive.
    private func holdsMarkers(_ piece: [UInt8]) -> Bool {
        var lines = LineScan(bytes: piece, offset: 0, line: 1)
        while let line = lines.next() {
            guard line.length > 0, line.spaces == 0 else { continue }
            if piece[line.start] == UInt8(ascii: "%") { return true }
            let mark = piece[line.start..<line.start + min(3, line.length)]
            if mark.elementsEqual("---".utf8) || mark.elementsEqual("...".utf8) { return true }
        }
        return false
    }
}

extension Array {
    /// The first index whose element is behind the border, in an array that has all others before it.
    fileprivate func partitioningIndex(_ isBehind: (Element) -> Bool) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if isBehind(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
