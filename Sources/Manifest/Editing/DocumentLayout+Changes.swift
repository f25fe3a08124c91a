extension DocumentLayout {
    /// The splices that may do a change, the nicest first; the first whose result means the right thing is taken.
    func candidates(for change: NodeChange) -> [TextChange] {
        let place = place(change.at)
        switch change {
        case .replace(_, let value):
            let literal = literalReplacement(of: place, by: value)
            return (literal.map { [$0] } ?? []) + [replacement(of: place, by: value)]
        case .insert(_, let index, let key, let value):
            return [
                isFlow(place.node)
                    ? flowInsertion(into: place.node, index, key, value)
                    : blockInsertion(into: place.node, index, key, value)
            ]
        case .remove(_, let index):
            return isFlow(place.node) ? [flowRemoval(from: place.node, index)] : blockRemovals(from: place, index)
        case .wrap(_, let value): return [wrapping(of: place, value)]
        }
    }

    // MARK: - Replacement

    private func replacement(of place: Place, by value: EditValue) -> TextChange {
        let inFlow = place.parent.map { isFlow($0) } ?? false
        let staysInline = inFlow || isFlow(place.node)
        let isBlock =
            staysInline
            ? false
            : isBlockCollection(place.node) && value.isNonEmptyCollection && !writer.isJSON
                || writer.writesBlock(value, column: place.node.range.start.column)
        return isBlock ? blockReplacement(of: place, by: value) : inlineReplacement(of: place, by: value, inFlow)
    }

    private func inlineReplacement(of place: Place, by value: EditValue, _ inFlow: Bool) -> TextChange {
        var style = place.parent.map { styleOfNeighbours($0, except: place.index) } ?? .plain
        if case .scalar(let old) = place.node.content, old.value == .string { style = old.style }
        if style == .literal || style == .folded { style = .plain }
        if case .scalar(let old) = place.node.content, old.style == .plain, case .string(let text) = value,
            ScalarText.isTimestamp(Array(old.text.utf8)), ScalarText.isTimestamp(Array(text.utf8)), !inFlow,
            !writer.isJSON
        {
            // A time stays written as the one before.
            return TextChange(splices: [Splice(place.node.range.bytes, Array(text.utf8))])
        }
        return writing(writer.inline(value, inFlow: inFlow || isFlow(place.node), like: style), inPlaceOf: place)
    }

    /// Puts a text of one line in the place of a value; a comment behind its first line stays.
    func writing(_ text: String, inPlaceOf place: Place) -> TextChange {
        let range = place.node.range.bytes
        let text = Array(text.utf8)
        switch place.node.content {
        case .scalar(let scalar) where scalar.style == .literal || scalar.style == .folded:
            var header = range.lowerBound
            while header < range.upperBound, bytes[header] > UInt8(ascii: " ") { header += 1 }
            let end = lineEnd(header)
            return TextChange(splices: [
                Splice(range.lowerBound..<header, text), Splice(end..<max(end, range.upperBound)),
            ])
        case .scalar where range.isEmpty:
            guard let parent = place.parent, case .map(let entries) = parent.content else {
                return TextChange(splices: [Splice(at: range.lowerBound, [UInt8(ascii: " ")] + text)])
            }
            let hasColon = entries[place.index].key.range.end.offset < range.lowerBound
            return TextChange(splices: [Splice(at: range.lowerBound, Array((hasColon ? " " : ": ").utf8) + text)])
        case .map where isBlockCollection(place.node), .list where isBlockCollection(place.node):
            let outer = place.parent.map { column($0) } ?? -1
            return collapse(place, text, from: nil, to: extent(range.upperBound, column: outer))
        default: return TextChange(splices: [Splice(range, text)], deleted: [range])
        }
    }

    /// Puts `text` in the place of a block collection whose lines from `from` to `to` are deleted.
    func collapse(_ place: Place, _ text: [UInt8], from: Int?, to: Int) -> TextChange {
        let head = head(place)
        let start = place.node.range.start.offset
        guard place.parent != nil else {
            let end = lineEnd(to)
            return TextChange(splices: [Splice(start..<end, text)], deleted: [start..<end])
        }
        let headEnd = lineEnd(head)
        guard start > headEnd else {
            return TextChange(splices: [Splice(start..<max(start, to), text)], deleted: [start..<max(start, to)])
        }
        // Without the line break before `from`.
        var above = from.map { lineStart($0 - 1) } ?? head
        while above > headEnd, isBlank(above) { above = lineStart(above - 1) }
        let cut = max(headEnd, lineEnd(above))
        return TextChange(
            splices: [Splice(at: head, [UInt8(ascii: " ")] + text), Splice(cut..<max(cut, to))],
            deleted: [cut..<max(cut, to)])
    }

    private func blockReplacement(of place: Place, by value: EditValue) -> TextChange {
        let range = place.node.range.bytes
        var isItem = false
        var outer = -writer.step
        if let parent = place.parent {
            outer = column(parent)
            if case .list = parent.content { isItem = true }
        }
        let isSameKind: Bool
        switch (place.node.content, value) {
        case (.map, .map), (.list, .list): isSameKind = isBlockCollection(place.node)
        default: isSameKind = false
        }
        let staysInColumn =
            place.parent == nil || isSameKind
            || isBlockCollection(place.node) && !isFirstInLine(range.lowerBound)
        let inner = staysInColumn ? column(place.node) : outer + (isItem ? 2 : writer.depth(of: value))
        let lines = writer.block(value)
        let indentation = String(repeating: " ", count: inner)
        let head = head(place)
        let lineBreak = lineBreak(at: head)
        let separator = lineBreak + indentation
        let text = lines.joined(separator: separator)
        if staysInColumn { return TextChange(splices: [Splice(range, Array(text.utf8))], deleted: [range]) }
        if isBlockCollection(place.node) {
            let lines = lineStart(range.lowerBound)..<range.upperBound
            return TextChange(splices: [Splice(lines, Array((indentation + text).utf8))], deleted: [range])
        }
        var splices: [Splice]
        if case .scalar(let scalar) = place.node.content, scalar.style == .literal || scalar.style == .folded {
            let header = content(head)
            var headerEnd = header
            while headerEnd < range.upperBound, bytes[headerEnd] > UInt8(ascii: " ") { headerEnd += 1 }
            let end = lineEnd(headerEnd)
            splices = [
                Splice(head..<headerEnd), Splice(end..<max(end, range.upperBound), Array((separator + text).utf8)),
            ]
        } else {
            let end = lineEnd(max(head, range.upperBound))
            splices = [Splice(head..<max(head, range.upperBound)), Splice(at: end, Array((separator + text).utf8))]
        }
        return TextChange(splices: splices, deleted: [range])
    }

    // MARK: - A scalar becomes a list

    private func wrapping(of place: Place, _ value: EditValue) -> TextChange {
        guard case .scalar(let old) = place.node.content else { return TextChange(splices: []) }
        let range = place.node.range
        let style: Scalar.Style = old.style == .single || old.style == .double ? old.style : .plain
        let new = writer.inline(value, inFlow: true, like: style)
        let staysAsWritten: Bool
        switch old.style {
        case .plain: staysAsWritten = old.value != .string || ScalarText.isPlain(old.text, inFlow: true)
        case .single, .double: staysAsWritten = true
        case .literal, .folded: staysAsWritten = false
        }
        if staysAsWritten, range.start.line == range.end.line {
            return TextChange(splices: [
                Splice(at: range.start.offset, [UInt8(ascii: "[")]),
                Splice(at: range.end.offset, Array(", \(new)]".utf8)),
            ])
        }
        return writing("[" + writer.string(old.text, inFlow: true) + ", " + new + "]", inPlaceOf: place)
    }
}
