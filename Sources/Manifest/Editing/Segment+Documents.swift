extension Segment {
    /// Whether the text ends with a line break.
    var endsLine: Bool { bytes.last == UInt8(ascii: "\n") }

    /// Whether a `...` line stands somewhere, behind which no document can follow without `---`.
    var endsDocuments: Bool {
        var lines = LineScan(bytes: bytes, offset: 0, line: 1)
        while let line = lines.next() {
            if line.length >= 3, bytes[line.start..<line.start + 3].elementsEqual("...".utf8) { return true }
        }
        return false
    }

    /// The text behind the `---` line; nil if there is none, or if something stands on it.
    var bytesWithoutMarker: [UInt8]? {
        var lines = LineScan(bytes: bytes, offset: 0, line: 1)
        guard startsWithMarker, let line = lines.next() else { return nil }
        guard bytes[line.start + 3..<line.start + line.length].allSatisfy({ $0 == UInt8(ascii: " ") }) else {
            return nil
        }
        return Array(bytes[min(lines.offset, bytes.count)...])
    }

    /// The text from `offset` on without `...` lines.
    private func withoutEndMarkers(_ offset: Int) -> [UInt8] {
        var text: [UInt8] = []
        var lines = LineScan(bytes: bytes, offset: offset, line: 1)
        while let line = lines.next() {
            let content = bytes[line.start..<line.start + line.length]
            if content.elementsEqual("...".utf8) { continue }
            text += bytes[line.start..<min(lines.offset, bytes.count)]
        }
        return text
    }

    /// What stays of the piece without its only document, the document's comments and its `---` line.
    var bytesWithoutDocument: (text: [UInt8], hasComments: Bool, comments: [[UInt8]]) {
        let layout = layout(0)
        let root = documents[0].root
        let content = root.range.start.offset
        let textStart = startsWithMarker ? layout.nextLine(0) : layout.start
        var begin = max(textStart, layout.lineStart(content))
        if begin > textStart || layout.isFirstInLine(content) {
            let leading = max(textStart, layout.leadingStart(content))
            // The comment at the top of a file speaks of the file.
            let isFirst = bytes[layout.start..<leading].allSatisfy { $0 <= UInt8(ascii: " ") }
            if !isFirst { begin = leading }
        }
        // Comments directly below belong to the document.
        var end = layout.lineEnd(root.range.bytes.upperBound)
        while end < bytes.count {
            let next = layout.nextLine(end)
            let content = layout.content(next)
            guard next > end, layout.isComment(content) else { break }
            end = layout.lineEnd(content)
        }
        let kept = comments.filter { range in
            (range.lowerBound >= textStart && range.upperBound <= begin) || range.lowerBound >= end
        }
        let comments = kept.map { Array(bytes[$0]) }
        let mark = Array(bytes[..<layout.start])
        guard !kept.isEmpty else { return (mark, false, []) }
        return (mark + bytes[min(textStart, begin)..<begin] + withoutEndMarkers(layout.nextLine(end)), true, comments)
    }
}
