import Manifest

/// Where an edit's node stands in a text, as lines.
struct EditTarget {
    /// The node with its key or dash; of a new field its parent.
    let range: Range<Int>
    /// Whether the edit deletes the node.
    let isDeleted: Bool
    /// Whether a collection is given another value, so that what stands in it may go.
    let isReplacedCollection: Bool
    /// Whether it is the first field of a document, whose comment belongs to the document.
    let isFirstOfDocument: Bool
    /// Whether a single value is replaced by a single value on one line: then only it may change.
    let isScalarForScalar: Bool
    private let isWholeDocument: Bool
    private let text: [UInt8]
    private let column: Int

    init?(_ edit: Edit, _ tree: SyntaxTree, _ text: [UInt8]) {
        self.text = text
        var document = 0
        var path: [String] = []
        var new: EditValue?
        var deletes = false
        switch edit {
        case .set(let number, let steps, let value): (document, path, new) = (number, steps, value)
        case .append(let number, let steps, _): (document, path) = (number, steps)
        case .remove(let number, let steps): (document, path, deletes) = (number, steps, true)
        case .removeItem(let number, let steps, let index):
            (document, path, deletes) = (number, steps + [String(index)], true)
        case .removeDocument(let number): (document, deletes) = (number, true)
        case .addDocument: return nil
        }
        let root = tree.documents[document].root
        var node = root
        var flow: Range<Int>?
        var outer: Int?
        var start = root.range.start.offset
        var isFirst = false
        var column = -1
        var wholePath = true
        walk: for (depth, step) in path.enumerated() {
            if case .map(let entries) = node.content { outer = entries.count == 1 ? start : nil }
            if case .list(let items) = node.content { outer = items.count == 1 ? start : nil }
            let first = node.range.start.offset < text.count ? text[node.range.start.offset] : 0
            if flow == nil, first == UInt8(ascii: "[") || first == UInt8(ascii: "{") { flow = node.range.bytes }
            switch node.content {
            case .map(let entries):
                guard let index = entries.firstIndex(where: { $0.key.text == step }) else {
                    wholePath = false
                    break walk
                }
                isFirst = depth == 0 && index == 0 && flow == nil
                column = node.range.start.column - 1
                start = entries[index].key.range.start.offset
                node = entries[index].value
            case .list(let items):
                guard let index = Int(step), items.indices.contains(index) else {
                    wholePath = false
                    break walk
                }
                isFirst = false
                column = node.range.start.column - 1
                if text[node.range.start.offset] == UInt8(ascii: "[") {
                    start = items[index].range.start.offset
                } else {
                    start = index == 0 ? node.range.start.offset : items[index - 1].range.bytes.upperBound
                    while text[start] != UInt8(ascii: "-") {
                        if text[start] == UInt8(ascii: "#") { while text[start] != 10 { start += 1 } }
                        start += 1
                    }
                }
                node = items[index]
            default:
                wholePath = false
                break walk
            }
        }
        range = start..<max(start, node.range.bytes.upperBound)
        isDeleted = deletes && wholePath
        self.column = column
        self.flow = flow
        self.outer = deletes ? outer : nil
        isFirstOfDocument = isFirst
        isWholeDocument = path.isEmpty && deletes
        var scalarForScalar = false
        if case .scalar(let old) = node.content, let new, wholePath, !node.range.bytes.isEmpty {
            switch new {
            case .list(let items): scalarForScalar = items.isEmpty
            case .map(let fields): scalarForScalar = fields.isEmpty
            default: scalarForScalar = true
            }
            if old.style == .literal || old.style == .folded { scalarForScalar = false }
            isReplacedCollection = false
        } else if case .scalar = node.content {
            isReplacedCollection = false
        } else {
            isReplacedCollection = new != nil && wholePath
        }
        isScalarForScalar = scalarForScalar
        valueRange = node.range.bytes
    }

    private let valueRange: Range<Int>
    /// Where the collection's own key stands if the node is alone in it.
    private let outer: Int?
    /// The outermost brackets around the node.
    private let flow: Range<Int>?

    private func lineStart(_ offset: Int) -> Int {
        var offset = offset
        while offset > 0, text[offset - 1] != 10 { offset -= 1 }
        return offset == 0 && text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : offset
    }

    private func nextLine(_ offset: Int) -> Int {
        var offset = offset
        while offset < text.count, text[offset] != 10 { offset += 1 }
        return min(offset + 1, text.count)
    }

    private func line(_ start: Int) -> (spaces: Int, first: UInt8?) {
        let line = text[start..<nextLine(start)]
        let spaces = line.prefix { $0 == 32 }.count
        let first = line.dropFirst(spaces).first
        return (spaces, first == 10 || first == 13 ? nil : first)
    }

    /// Whether a `---` line begins there.
    private func isMarker(_ start: Int) -> Bool {
        guard text[start...].starts(with: "---".utf8) else { return false }
        return start + 3 == text.count || text[start + 3] <= 32
    }

    /// The comment lines directly above the node's first line, in its column.
    var leadingComment: Range<Int>? {
        let own = lineStart(range.lowerBound)
        // The dash may stand on a line above.
        guard line(own).spaces == range.lowerBound - own, range.lowerBound < text.count else { return nil }
        var start = own
        while start > 0, case let above = lineStart(start - 1), above < start, line(above).first == UInt8(ascii: "#"),
            line(above).spaces == range.lowerBound - own
        {
            start = above
        }
        if isWholeDocument, text[..<start].allSatisfy({ $0 <= 32 || $0 >= 0xBB }) { return nil }
        return start < own ? start..<own : nil
    }

    /// The end of the node's last line with the deeper comments directly below.
    var lastLineEnd: Int {
        var end = nextLine(range.upperBound)
        while end < text.count, line(end).first == UInt8(ascii: "#"), line(end).spaces > column { end = nextLine(end) }
        return end
    }

    /// The `---` line of a document.
    var markerLine: Range<Int> {
        let start = wholeDocument.lowerBound
        return isMarker(start) ? start..<nextLine(start) : start..<start
    }

    /// From a document's `---` line to that of the next one.
    private var wholeDocument: Range<Int> {
        var start = lineStart(range.lowerBound)
        while !isMarker(start), start > 0, case let above = lineStart(start - 1), above < start {
            start = above
        }
        var end = nextLine(range.upperBound)
        while end < text.count, !isMarker(end) { end = nextLine(end) }
        return (isMarker(start) ? start : 0)..<nextLine(end)
    }

    /// What an edit may touch: a scalar for a scalar only itself, else its lines with blank ones around.
    var touched: Range<Int> {
        if isScalarForScalar { return valueRange }
        if isWholeDocument { return wholeDocument }
        var start = min(outer ?? text.count, leadingComment?.lowerBound ?? lineStart(range.lowerBound))
        while start > 0, case let above = lineStart(start - 1), above < start, line(above).first == nil {
            start = above
        }
        var end = lastLineEnd
        while end < text.count, line(end).first == nil { end = nextLine(end) }
        // What stands behind a dash of its line gives its place to the next.
        if line(lineStart(range.lowerBound)).spaces < range.lowerBound - lineStart(range.lowerBound), end < text.count {
            end += line(end).spaces
        }
        // Of the line before also its end: the line break of a last line, the comma of a last element.
        let lines = max(0, lineStart(max(0, start - 1)))..<end
        return min(lines.lowerBound, flow?.lowerBound ?? start)..<max(lines.upperBound, flow?.upperBound ?? end)
    }
}
