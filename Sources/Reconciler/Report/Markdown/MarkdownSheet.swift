import Model

/// A Markdown document of limited size. What comes first has room; of what comes later as much as there is room for, and
/// the rest is counted.
struct MarkdownSheet {
    private let limit: Int
    private var parts: [String] = []
    private var size = 0
    private var footer = ""
    /// Room that each list keeps for the line that counts what it left out, and each later list for its own.
    private static let remark = 120

    init(limit: Int) {
        self.limit = limit
    }

    /// Adds a block.
    mutating func add(_ block: String) {
        parts.append(block)
        size += block.utf8.count + 2
    }

    /// Keeps room for the last block.
    mutating func reserve(_ block: String) {
        footer = block
        // Of at most 22 lists, each may have to count what it left out.
        size += block.utf8.count + 2 + 22 * Self.remark
    }

    /// Adds a list under a heading.
    mutating func list(_ title: String, _ items: [String]) {
        guard !items.isEmpty else { return }
        var shown: [String] = []
        var taken = title.utf8.count + 10
        for item in items {
            guard size + taken + item.utf8.count + 1 <= limit else { break }
            shown.append(item)
            taken += item.utf8.count + 1
        }
        finish(title, items.count, shown: shown.count, shown.joined(separator: "\n"))
    }

    /// Adds changes under a heading, as a block that shows in colours what comes and goes.
    mutating func changes(_ title: String, _ findings: [Finding]) {
        guard !findings.isEmpty else { return }
        var lines: [String] = []
        var (shown, taken) = (0, title.utf8.count + 200)
        for finding in findings {
            let item = Self.lines(finding)
            let length = item.reduce(0) { $0 + $1.utf8.count + 1 }
            guard size + taken + length <= limit else { break }
            lines += item
            taken += length
            shown += 1
        }
        let fence = MarkdownText.fence(around: lines)
        finish(
            title, findings.count, shown: shown,
            shown == 0 ? "" : "\(fence)diff\n\(lines.joined(separator: "\n"))\n\(fence)")
    }

    private mutating func finish(_ title: String, _ count: Int, shown: Int, _ body: String) {
        var blocks = ["#### \(title) (\(Counting.grouped(count)))"]
        if !body.isEmpty { blocks.append(body) }
        if shown < count { blocks.append("… and \(Counting.grouped(count - shown)) more without room here") }
        for block in blocks { add(block) }
    }

    /// The lines of the text report, with the sign at the margin and each of limited length.
    private static func lines(_ finding: Finding) -> [String] {
        guard let change = finding.change else { return [] }
        var lines = ChangeText(change, style: .plain).lines.map { line in
            MarkdownText.shortened(String(line.dropFirst(2)), limit: 600)
        }
        if let place = finding.location { lines.insert("    at \(TerminalText.escaped(place.description))", at: 1) }
        if change.reason == .drift { lines.insert("    fingerprint \(finding.fingerprint)", at: 1) }
        return lines
    }

    /// The document.
    mutating func finish() -> String {
        (parts + [footer]).joined(separator: "\n\n") + "\n"
    }
}
