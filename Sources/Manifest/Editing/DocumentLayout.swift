/// One document of a text with what places edits: its lines, comments and collections.
struct DocumentLayout {
    let bytes: [UInt8]
    let root: Node
    /// Of the whole text.
    let comments: [Range<Int>]
    let writer: ValueWriter
    /// The line break of texts that have none.
    let lineBreak: String

    /// Where the text begins: behind a byte order mark.
    var start: Int { bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0 }

    // MARK: - Lines

    /// Where the line of a byte begins.
    func lineStart(_ offset: Int) -> Int {
        let start = start
        var offset = offset
        while offset > start, bytes[offset - 1] != UInt8(ascii: "\n") { offset -= 1 }
        return offset
    }

    /// Where the line of a byte ends, without its line break.
    func lineEnd(_ offset: Int) -> Int {
        var end = offset
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        return end > offset && bytes[end - 1] == UInt8(ascii: "\r") ? end - 1 : end
    }

    /// Where the line after that of a byte begins.
    func nextLine(_ offset: Int) -> Int {
        var end = offset
        while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
        return min(end + 1, bytes.count)
    }

    /// The first byte from `offset` on that is no space (and no tab, in JSON).
    func content(_ offset: Int) -> Int {
        var offset = offset
        while offset < bytes.count, isSpace(bytes[offset]) { offset += 1 }
        return offset
    }

    private func isSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") && writer.isJSON
    }

    /// Whether a line that begins at `offset` has no content.
    func isBlank(_ offset: Int) -> Bool {
        let content = content(offset)
        return content == bytes.count || bytes[content] == UInt8(ascii: "\n") || bytes[content] == UInt8(ascii: "\r")
    }

    /// Whether only white space stands before a byte in its line.
    func isFirstInLine(_ offset: Int) -> Bool { content(lineStart(offset)) == offset }

    /// The line break of the lines around `offset`.
    func lineBreak(at offset: Int) -> String {
        var end = lineEnd(offset)
        if end == bytes.count { end = lineStart(offset) - 1 }
        guard end >= 0, end < bytes.count else { return lineBreak }
        if bytes[end] == UInt8(ascii: "\r") { return "\r\n" }
        return end > 0 && bytes[end] == UInt8(ascii: "\n") && bytes[end - 1] == UInt8(ascii: "\r") ? "\r\n" : "\n"
    }

    // MARK: - Comments

    /// Whether a comment begins at `offset`.
    func isComment(_ offset: Int) -> Bool {
        var low = 0
        var high = comments.count
        while low < high {
            let middle = (low + high) / 2
            if comments[middle].lowerBound < offset { low = middle + 1 } else { high = middle }
        }
        return low < comments.count && comments[low].lowerBound == offset
    }

    /// The start of the first line of the comment directly above the line of `offset`, in the same column; without
    /// one the start of that line.
    func leadingStart(_ offset: Int) -> Int {
        var start = lineStart(offset)
        let indentation = offset - start
        while start > self.start {
            let above = lineStart(start - 1)
            let content = content(above)
            guard content - above == indentation, isComment(content) else { break }
            start = above
        }
        return start
    }

    /// The last byte of a block node that ends at `end`: behind it only the end of the line, and deeper comments
    /// directly below it.
    func extent(_ end: Int, column: Int) -> Int {
        var last = lineEnd(end)
        while true {
            let next = nextLine(last)
            let content = content(next)
            guard next > last, content - next > column, isComment(content) else { return last }
            last = lineEnd(content)
        }
    }

    // MARK: - Nodes

    /// A node with what it stands in.
    struct Place {
        var node: Node
        var parent: Node?
        var index = 0
    }

    func place(_ at: [Int]) -> Place {
        var place = Place(node: root)
        for index in at {
            switch place.node.content {
            case .map(let entries): place = Place(node: entries[index].value, parent: place.node, index: index)
            case .list(let items): place = Place(node: items[index], parent: place.node, index: index)
            default: break
            }
        }
        return place
    }

    /// Whether a collection stands in brackets or braces.
    func isFlow(_ node: Node) -> Bool {
        let offset = node.range.start.offset
        guard offset < bytes.count else { return false }
        return bytes[offset] == UInt8(ascii: "[") || bytes[offset] == UInt8(ascii: "{")
    }

    func isBlockCollection(_ node: Node) -> Bool {
        switch node.content {
        case .map, .list: !isFlow(node)
        default: false
        }
    }

    func column(_ collection: Node) -> Int { collection.range.start.column - 1 }

    /// The first byte of a child: of its key, of its dash in a block list.
    func start(_ parent: Node, _ index: Int) -> Int {
        switch parent.content {
        case .map(let entries): return entries[index].key.range.start.offset
        case .list(let items):
            guard !isFlow(parent) else { return items[index].range.start.offset }
            var offset = index == 0 ? parent.range.start.offset : items[index - 1].range.bytes.upperBound
            while offset < bytes.count, bytes[offset] != UInt8(ascii: "-") {
                offset = isComment(offset) ? lineEnd(offset) : offset + 1
            }
            return offset
        default: return parent.range.start.offset
        }
    }

    /// The first byte behind a child.
    func end(_ parent: Node, _ index: Int) -> Int {
        switch parent.content {
        case .map(let entries): max(entries[index].key.range.end.offset, entries[index].value.range.bytes.upperBound)
        case .list(let items): items[index].range.bytes.upperBound
        default: parent.range.end.offset
        }
    }

    func count(_ parent: Node) -> Int {
        switch parent.content {
        case .map(let entries): entries.count
        case .list(let items): items.count
        default: 0
        }
    }

    /// Where the value of a place begins to be written: directly behind the colon or the dash.
    func head(_ place: Place) -> Int {
        guard let parent = place.parent else { return place.node.range.start.offset }
        switch parent.content {
        case .map(let entries):
            if place.node.range.bytes.isEmpty { return place.node.range.start.offset }
            var offset = entries[place.index].key.range.end.offset
            while offset < bytes.count, bytes[offset] != UInt8(ascii: ":") { offset += 1 }
            return offset + 1
        default: return isFlow(parent) ? place.node.range.start.offset : start(parent, place.index) + 1
        }
    }
}
