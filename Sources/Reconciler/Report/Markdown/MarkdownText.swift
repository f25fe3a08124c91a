import Model

/// Text of others inside of Markdown (CommonMark 0.31, GFM).
enum MarkdownText {
    /// A code span that its content can't end: the fence is longer than any run of backticks inside. It is on one line, so
    /// that no block begins in it.
    static func code(_ text: String, limit: Int) -> String {
        let text = shortened(TerminalText.escaped(text), limit: limit)
        guard !text.isEmpty else { return "(empty)" }
        let fence = String(repeating: "`", count: longestRun(text) + 1)
        // One space at both ends is taken off again.
        let space = text.hasPrefix("`") || text.hasSuffix("`") || text.hasPrefix(" ") || text.hasSuffix(" ") ? " " : ""
        return "\(fence)\(space)\(text)\(space)\(fence)"
    }

    /// The fence around a block of these lines.
    static func fence(around lines: [String]) -> String {
        String(repeating: "`", count: max(3, (lines.map(longestRun).max() ?? 0) + 1))
    }

    /// The text, with its end cut off where it is longer.
    static func shortened(_ text: String, limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        var head = ""
        for scalar in text.unicodeScalars {
            if head.utf8.count + 4 > limit { break }
            head.unicodeScalars.append(scalar)
        }
        return head + "…"
    }

    private static func longestRun(_ text: String) -> Int {
        var (longest, run) = (0, 0)
        for byte in text.utf8 {
            run = byte == UInt8(ascii: "`") ? run + 1 : 0
            longest = max(longest, run)
        }
        return longest
    }
}
