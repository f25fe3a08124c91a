/// What somebody may have meant who typed a word that there is not.
enum Suggestion {
    /// The nearest of `known`, if it is near; the first of equals.
    static func nearest(to word: String, among known: [String]) -> String? {
        let typed = Array(word.utf8.prefix(64))
        let nearest = known.map { (name: $0, distance: editDistance(typed, Array($0.utf8))) }
            .min { $0.distance < $1.distance }
        guard let nearest, nearest.distance <= 2, nearest.distance < max(typed.count, 1) else { return nil }
        return nearest.name
    }

    /// What the parser says, with a suggestion where it names the words that a value may be: it makes one itself for
    /// options only.
    static func added(to message: String) -> String {
        var lines = message.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let opening = "Error: The value '"
        guard let first = lines.first, first.hasPrefix(opening),
            let end = first.firstRange(of: "' is invalid for "),
            let list = first.firstRange(of: "Please provide one of ")
        else { return message }
        let typed = first[first.index(first.startIndex, offsetBy: opening.count)..<end.lowerBound]
        // In one line, quoted, or one below the other.
        var known = first[list.upperBound...].split(separator: "'").map(String.init)
        let items = lines.dropFirst().prefix { $0.hasPrefix("  - ") }
        known += items.map { String($0.dropFirst(4)) }
        guard let nearest = nearest(to: String(typed), among: known) else { return message }
        lines.insert("Did you mean '\(nearest)'?", at: 1 + items.count)
        return lines.joined(separator: "\n")
    }

    /// How many letters are added, left out, replaced, or in each other's place (optimal string alignment).
    private static func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        var before: [Int] = []
        var last = Array(0...b.count)
        for (i, x) in a.enumerated() {
            var row = [i + 1]
            for (j, y) in b.enumerated() {
                var cost = min(last[j] + (x == y ? 0 : 1), last[j + 1] + 1, row[j] + 1)
                if i > 0, j > 0, x == b[j - 1], a[i - 1] == y { cost = min(cost, before[j - 1] + 1) }
                row.append(cost)
            }
            (before, last) = (last, row)
        }
        return last[b.count]
    }
}
