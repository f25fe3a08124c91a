/// The difference of two texts line by line, as `diff -u` shows it.
public struct UnifiedDiff: Sendable {
    /// The lines, header first; empty when the texts are equal.
    public let lines: [String]
    private static let context = 3
    /// Above this many lines on a side the changed part is shown as a whole: finding the smallest difference is quadratic.
    private static let limit = 2000

    /// The difference of the contents of a file.
    ///
    /// - Parameters:
    ///   - old: nil for a new file.
    ///   - new: nil for a deleted file.
    public init(path: String, old: [UInt8]?, new: [UInt8]?) {
        let (a, b) = (Self.split(old), Self.split(new))
        guard a != b else {
            lines = []
            return
        }
        let head = zip(a, b).prefix { $0 == $1 }.count
        let tail = min(zip(a.reversed(), b.reversed()).prefix { $0 == $1 }.count, min(a.count, b.count) - head)
        let (middleA, middleB) = (Array(a[head..<a.count - tail]), Array(b[head..<b.count - tail]))
        let before = a[max(0, head - Self.context)..<head]
        let after = a[(a.count - tail)..<min(a.count, a.count - tail + Self.context)]
        let start = max(0, head - Self.context) + 1
        let (countA, countB) = (
            before.count + middleA.count + after.count, before.count + middleB.count + after.count
        )
        lines =
            ["--- \(old == nil ? "/dev/null" : "a/\(path)")", "+++ \(new == nil ? "/dev/null" : "b/\(path)")"]
            + ["@@ -\(countA == 0 ? 0 : start),\(countA) +\(countB == 0 ? 0 : start),\(countB) @@"]
            + before.map { " \($0)" } + Self.changes(middleA, middleB) + after.map { " \($0)" }
    }

    private static func split(_ bytes: [UInt8]?) -> [String] {
        guard let bytes, !bytes.isEmpty else { return [] }
        var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    /// Removed and added lines around the longest common sequence.
    private static func changes(_ a: [String], _ b: [String]) -> [String] {
        guard a.count <= limit, b.count <= limit else { return a.map { "-\($0)" } + b.map { "+\($0)" } }
        var lengths = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
        for i in a.indices.reversed() {
            for j in b.indices.reversed() {
                lengths[i][j] = a[i] == b[j] ? lengths[i + 1][j + 1] + 1 : max(lengths[i + 1][j], lengths[i][j + 1])
            }
        }
        var lines: [String] = []
        var (i, j) = (0, 0)
        while i < a.count || j < b.count {
            if i < a.count, j < b.count, a[i] == b[j] {
                lines.append(" \(a[i])")
                (i, j) = (i + 1, j + 1)
            } else if i < a.count, j == b.count || lengths[i + 1][j] >= lengths[i][j + 1] {
                lines.append("-\(a[i])")
                i += 1
            } else {
                lines.append("+\(b[j])")
                j += 1
            }
        }
        return lines
    }
}
