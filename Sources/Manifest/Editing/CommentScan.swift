import Glibc

/// Finds the comments of a text: what begins with `#` outside of every scalar.
struct CommentScan {
    private let bytes: [UInt8]
    private var offset: Int
    /// The first `#` from `offset` on; the end of the text when there is none.
    private var next = 0
    private(set) var comments: [Range<Int>] = []

    /// The comments of a text with these documents, without line breaks, in order.
    static func comments(_ bytes: [UInt8], _ documents: [SyntaxDocument]) -> [Range<Int>] {
        var scan = CommentScan(bytes: bytes, offset: 0)
        for document in documents { scan.visit(document.root) }
        scan.gap(to: bytes.count)
        return scan.comments
    }

    private init(bytes: [UInt8], offset: Int) {
        self.bytes = bytes
        self.offset = offset
        seek()
    }

    private mutating func seek() {
        let start = max(next, offset)
        next = unsafe bytes.withUnsafeBytes { text in
            guard start < text.count, let base = text.baseAddress,
                let found = unsafe memchr(base + start, Int32(UInt8(ascii: "#")), text.count - start)
            else { return text.count }
            return unsafe UnsafeRawPointer(found) - base
        }
    }

    private mutating func visit(_ node: Node) {
        if next < offset { seek() }
        // Nothing to find in it.
        guard next < node.range.bytes.upperBound else { return offset = max(offset, node.range.bytes.upperBound) }
        switch node.content {
        case .scalar(let scalar):
            let range = node.range.bytes
            gap(to: range.lowerBound)
            if scalar.style == .literal || scalar.style == .folded {
                // The header may end in a comment.
                offset = range.lowerBound
                while offset < range.upperBound, bytes[offset] != UInt8(ascii: " "), bytes[offset] != UInt8(ascii: "\n")
                { offset += 1 }
                var end = offset
                while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
                gap(to: end)
            }
            offset = max(offset, range.upperBound)
        case .map(let entries):
            for entry in entries {
                gap(to: entry.key.range.start.offset)
                offset = entry.key.range.end.offset
                visit(entry.value)
            }
        case .list(let items): for item in items { visit(item) }
        case .unsupported: break
        }
    }

    private mutating func gap(to end: Int) {
        while offset < end {
            if next < offset { seek() }
            guard next < end else { return offset = end }
            offset = next
            let start = offset
            while offset < bytes.count, bytes[offset] != UInt8(ascii: "\n") { offset += 1 }
            let hasReturn = bytes[offset - 1] == UInt8(ascii: "\r")
            comments.append(start..<(hasReturn ? offset - 1 : offset))
        }
    }
}
