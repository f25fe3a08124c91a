import Model

/// The text of an `adblock` block and where its lines stand in the file.
struct FilterText {
    private let lines: [Substring.UTF8View]
    private let range: SourceRange
    /// The spaces before each line; nil where the lines of the text are no lines of the file.
    private let indentation: Int?

    init(_ text: String, style: Scalar.Style, range: SourceRange) {
        var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        while lines.last?.isEmpty == true { lines.removeLast() }
        self.lines = lines
        self.range = range
        // A literal block has the line of its header, then its own; the range ends with the last of them.
        guard style == .literal, let last = lines.last else {
            indentation = nil
            return
        }
        let isLast = range.start.line + lines.count == range.end.line
        indentation = isLast ? max(0, range.end.column - 1 - Substring(last).unicodeScalars.count) : 0
    }

    func lines(in path: String) -> [DNSFilterLine] {
        var found: [DNSFilterLine] = []
        found.reserveCapacity(lines.count)
        for (number, line) in lines.enumerated() {
            let start = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
            let end = start.reversed().drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }.count
            let rule = start.prefix(end)
            guard !rule.isEmpty, !Self.isComment(rule) else { continue }
            var location = SourceLocation(path: path, line: range.start.line, column: range.start.column)
            if let indentation {
                let column = indentation + line.count - start.count + 1
                location = SourceLocation(path: path, line: range.start.line + 1 + number, column: column)
            }
            found.append(DNSFilterLine(text: String(Substring(rule)), location: location))
        }
        return found
    }

    /// `! …`, and `# …`, which is no selector of elements as `##…` and `#@#…` are.
    private static func isComment(_ line: Substring.UTF8View) -> Bool {
        switch line.first {
        case UInt8(ascii: "!"): true
        case UInt8(ascii: "#"): line.dropFirst().first.map { $0 == UInt8(ascii: " ") } ?? true
        default: false
        }
    }
}
