// Fields and items that stand on lines of their own.
extension DocumentLayout {
    /// A new child: behind the last one, or before the one that stands at `index`.
    func blockInsertion(into parent: Node, _ index: Int, _ key: String?, _ value: EditValue) -> TextChange {
        let column = column(parent)
        let lines = lines(of: parent, key, value)
        let indentation = String(repeating: " ", count: column)
        if index < count(parent) {
            let next = start(parent, index)
            let lineBreak = lineBreak(at: next)
            let text = lines.joined(separator: lineBreak + indentation)
            guard isFirstInLine(next) else {
                return TextChange(splices: [Splice(at: next, Array((text + lineBreak + indentation).utf8))])
            }
            return TextChange(splices: [Splice(at: leadingStart(next), Array((indentation + text + lineBreak).utf8))])
        }
        let last = extent(end(parent, count(parent) - 1), column: column)
        let separator = lineBreak(at: last) + indentation
        return TextChange(splices: [Splice(at: last, Array((separator + lines.joined(separator: separator)).utf8))])
    }

    private func lines(of parent: Node, _ key: String?, _ value: EditValue) -> [String] {
        let style = styleOfNeighbours(parent)
        if let key { return writer.field(key, value, keyStyle: styleOfKeys(parent), like: style) }
        var gap = " "
        if case .list(let items) = parent.content, let last = items.last, !last.range.bytes.isEmpty {
            let dash = start(parent, items.count - 1)
            if content(dash + 1) == last.range.start.offset {
                gap = String(repeating: " ", count: last.range.start.offset - dash - 1)
            }
        }
        return writer.item(value, gap: gap, like: style)
    }

    /// A child less: its lines with the comment directly above, and with the blank lines that would be too many.
    func blockRemovals(from place: Place, _ index: Int) -> [TextChange] {
        let parent = place.node
        let column = column(parent)
        let start = start(parent, index)
        let last = extent(end(parent, index), column: column)
        // What stands above the first field of a document speaks of the document.
        let keepsComment = place.parent == nil && index == 0
        let from = keepsComment || !isFirstInLine(start) ? lineStart(start) : leadingStart(start)
        guard count(parent) > 1 else {
            var empty = "[]"
            if case .map = parent.content { empty = "{}" }
            return [collapse(place, Array(empty.utf8), from: from, to: last)]
        }
        guard isFirstInLine(start) else { return [compactRemoval(start, last)] }
        let whole = from..<nextLine(last)
        if whole.upperBound == bytes.count, bytes.last != UInt8(ascii: "\n"), from > self.start {
            // The file goes on without a final line break, if its last text can do without.
            var above = lineStart(from - 1)
            let cut = lineEnd(above)
            while above > self.start, isBlank(above) { above = lineStart(above - 1) }
            let cuts = [lineEnd(above)..<bytes.count, cut..<bytes.count, whole]
            return cuts.map { TextChange(splices: [Splice($0)], deleted: [$0]) }
        }
        var below = whole.upperBound
        while below < bytes.count, isBlank(below) { below = nextLine(below) }
        return [withoutBlankLines(whole), whole, from..<below].map { TextChange(splices: [Splice($0)], deleted: [$0]) }
    }

    /// The first child on the line of an outer dash: the next one takes its place.
    private func compactRemoval(_ start: Int, _ last: Int) -> TextChange {
        var next = nextLine(last)
        while next < bytes.count, isBlank(next) { next = nextLine(next) }
        let range = start..<max(start, content(next))
        return TextChange(splices: [Splice(range)], deleted: [range])
    }

    /// Lines to delete, with the blank lines below if there are blank lines above too.
    private func withoutBlankLines(_ lines: Range<Int>) -> Range<Int> {
        guard lines.lowerBound > start, isBlank(lineStart(lines.lowerBound - 1)) else { return lines }
        var end = lines.upperBound
        while end < bytes.count, isBlank(end) { end = nextLine(end) }
        if end < bytes.count || end > lines.upperBound { return lines.lowerBound..<end }
        var begin = lines.lowerBound
        while begin > start, isBlank(lineStart(begin - 1)) { begin = lineStart(begin - 1) }
        return begin..<end
    }
}
