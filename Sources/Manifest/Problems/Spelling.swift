/// "Did you mean" for names.
enum Spelling {
    /// The candidate closest to `word` by edits (insert, delete, replace, swap of neighbours), ignoring case, if it
    /// is close enough to be a typing mistake; the first of equally close ones.
    static func closest(to word: String, in candidates: some Sequence<String>) -> String? {
        let target = fold(word)
        guard !target.isEmpty, target.count <= 64 else { return nil }
        var best: (name: String, distance: Int)?
        for candidate in candidates {
            let folded = fold(candidate)
            let limit = max(1, min(target.count, folded.count) / 3)
            guard abs(folded.count - target.count) <= limit else { continue }
            let distance = editDistance(target, folded)
            guard distance <= limit else { continue }
            if let current = best, current.distance <= distance { continue }
            best = (candidate, distance)
        }
        return best?.name
    }

    private static func fold(_ word: String) -> [UInt8] {
        word.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
            case UInt8(ascii: "-"): UInt8(ascii: "_")
            default: byte
            }
        }
    }

    /// Optimal string alignment distance.
    static func editDistance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        var beforePrevious = [Int](repeating: 0, count: right.count + 1)
        var previous = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
                let same = left[row] == right[column]
                var cost = min(previous[column] + (same ? 0 : 1), previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, beforePrevious[column - 1] + 1)
                }
                current.append(cost)
            }
            beforePrevious = previous
            previous = current
        }
        return previous[right.count]
    }
}
