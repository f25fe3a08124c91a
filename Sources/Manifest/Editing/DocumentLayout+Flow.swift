// Fields and items inside brackets and braces.
extension DocumentLayout {
    func flowInsertion(into parent: Node, _ index: Int, _ key: String?, _ value: EditValue) -> TextChange {
        let count = count(parent)
        let text = element(parent, key, value)
        guard count > 0 else { return filling(parent, text) }
        if index < count {
            let next = start(parent, index)
            if isFirstInLine(next) {
                let line = lineStart(next)
                let indentation = String(decoding: bytes[line..<next], as: UTF8.self)
                let place = leadingStart(next)
                return TextChange(splices: [
                    Splice(at: place, Array((indentation + text + "," + lineBreak(at: next)).utf8))
                ])
            }
            return TextChange(splices: [Splice(at: next, Array((text + separator(parent)).utf8))])
        }
        return adding(text, to: parent, behind: count - 1)
    }

    private func adding(_ text: String, to parent: Node, behind index: Int) -> TextChange {
        let start = start(parent, index)
        let end = end(parent, index)
        let comma = comma(behind: end)
        let lineEnd = lineEnd(end)
        let rest = content(comma.map { $0 + 1 } ?? end)
        let endsLine = rest >= lineEnd || isComment(rest)
        guard isFirstInLine(start), endsLine, comma.map({ $0 < lineEnd }) ?? true else {
            return TextChange(splices: [Splice(at: behindColon(end), Array((separator(parent) + text).utf8))])
        }
        let line = lineStart(start)
        let indentation = String(decoding: bytes[line..<start], as: UTF8.self)
        let newLine = Splice(
            at: lineEnd, Array((lineBreak(at: end) + indentation + text + (comma == nil ? "" : ",")).utf8))
        return TextChange(
            splices: comma == nil ? [Splice(at: behindColon(end), [UInt8(ascii: ",")]), newLine] : [newLine])
    }

    /// Where a comma behind a child may stand: not directly behind the colon of a key without value.
    private func behindColon(_ end: Int) -> Int {
        bytes[end - 1] == UInt8(ascii: ":") && bytes[end] == UInt8(ascii: " ") ? end + 1 : end
    }

    /// The first child of empty brackets.
    private func filling(_ parent: Node, _ text: String) -> TextChange {
        let inside = parent.range.start.offset + 1..<parent.range.end.offset - 1
        guard comments.contains(where: { inside.contains($0.lowerBound) }) else {
            return TextChange(splices: [Splice(inside, Array(text.utf8))])
        }
        return TextChange(splices: [Splice(at: inside.upperBound, Array(text.utf8))])
    }

    private func element(_ parent: Node, _ key: String?, _ value: EditValue) -> String {
        let style = styleOfNeighbours(parent)
        guard let key else { return writer.inline(value, inFlow: true, like: style) }
        let colon = colon(parent)
        let text = writer.inline(value, inFlow: true, like: style, colon: colon)
        return writer.flowKey(key, like: styleOfKeys(parent), colon: colon) + text
    }

    /// What stands between a key and its value.
    private func colon(_ parent: Node) -> String {
        guard case .map(let entries) = parent.content, let first = entries.first, !first.value.range.bytes.isEmpty
        else { return ": " }
        let between = bytes[first.key.range.end.offset..<first.value.range.start.offset]
        return between.elementsEqual(":".utf8) ? ":" : ": "
    }

    /// What stands between the elements of a line.
    private func separator(_ parent: Node) -> String {
        guard count(parent) > 1 else { return colon(parent) == ":" ? "," : ", " }
        return bytes[end(parent, 0)..<start(parent, 1)].elementsEqual(",".utf8) ? "," : ", "
    }

    /// The comma that follows a child, comments between skipped.
    private func comma(behind end: Int) -> Int? {
        var offset = end
        while offset < bytes.count {
            if isComment(offset) {
                offset = lineEnd(offset)
            } else if bytes[offset] == UInt8(ascii: ",") {
                return offset
            } else if bytes[offset] > UInt8(ascii: " ") {
                // Behind a key without value stands its colon.
                guard bytes[offset] == UInt8(ascii: ":") else { return nil }
                offset += 1
            } else {
                offset += 1
            }
        }
        return nil
    }

    // MARK: - Removal

    func flowRemoval(from parent: Node, _ index: Int) -> TextChange {
        let start = start(parent, index)
        let end = end(parent, index)
        let comma = comma(behind: end)
        let lineEnd = lineEnd(end)
        let behind = comma.map { $0 + 1 } ?? end
        let rest = content(behind)
        if count(parent) == 1 { return emptying(parent, index, behind) }
        let isLast = index == count(parent) - 1
        let previousComma =
            isLast && index > 0 && comma == nil
            ? self.comma(behind: self.end(parent, index - 1)) : nil
        var splices: [Splice] = []
        let deleted: Range<Int>
        if isFirstInLine(start), behind <= lineEnd, rest >= lineEnd || isComment(rest) {
            // Its own lines.
            if let previousComma { splices.append(Splice(previousComma..<previousComma + 1)) }
            deleted = leadingStart(start)..<nextLine(lineEnd)
        } else if let previousComma {
            let isDirect = bytes[previousComma..<start].allSatisfy {
                $0 == UInt8(ascii: ",") || $0 <= UInt8(ascii: " ")
            }
            deleted = (isDirect ? previousComma : spaceStart(start))..<end
            if !isDirect { splices.append(Splice(previousComma..<previousComma + 1)) }
        } else if rest >= lineEnd || isComment(rest) {
            deleted = (isFirstInLine(start) ? start : spaceStart(start))..<behind
        } else {
            deleted = start..<rest
        }
        return TextChange(splices: splices + [Splice(deleted)], deleted: [deleted])
    }

    /// The only child goes.
    private func emptying(_ parent: Node, _ index: Int, _ behind: Int) -> TextChange {
        let inside = parent.range.start.offset + 1..<parent.range.end.offset - 1
        let start = start(parent, index)
        let ownStart = isFirstInLine(start) ? leadingStart(start) : start
        let rest = content(behind)
        let ownEnd = isComment(rest) ? lineEnd(rest) : behind
        let own = max(inside.lowerBound, ownStart)..<min(inside.upperBound, ownEnd)
        let others = comments.contains { inside.contains($0.lowerBound) && !own.contains($0.lowerBound) }
        let range = others ? own : inside
        return TextChange(splices: [Splice(range)], deleted: [own])
    }

    /// The first of the spaces before a byte.
    private func spaceStart(_ offset: Int) -> Int {
        var offset = offset
        while offset > start, bytes[offset - 1] == UInt8(ascii: " ") { offset -= 1 }
        return offset
    }
}
