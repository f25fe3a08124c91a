import Model

/// How often each of many texts was met in an hour. The frequent ones are counted; of the others it is only known how
/// many there were, about.
struct Tally: Sendable {
    /// Queries and how many of them were blocked.
    struct Count: Sendable, Equatable {
        var queries = 0
        var blocked = 0

        mutating func add(_ other: Count) {
            queries += other.queries
            blocked += other.blocked
        }
    }

    /// How many texts are counted at most: beyond, the less frequent half is forgotten.
    static let mostCounted = 16_384

    private(set) var counts: [HashedText: Count] = [:]
    private(set) var sketch = UniqueSketch()
    /// Whether every text is counted.
    private(set) var isComplete = true

    mutating func add(_ text: HashedText, _ count: Count) {
        if let index = counts.index(forKey: text) { return counts.values[index].add(count) }
        sketch.insert(text.text)
        counts[text] = count
        if counts.count > Self.mostCounted { forget() }
    }

    /// The counts as they were stored.
    init(counts: [HashedText: Count], sketch: UniqueSketch, isComplete: Bool) {
        self.counts = counts
        self.sketch = sketch
        self.isComplete = isComplete
    }

    init() {}

    /// The most frequent texts and the most often blocked ones, in a fixed order, and whether these are all.
    func kept(frequent: Int, blocked: Int) -> (entries: [(text: String, count: Count)], isComplete: Bool) {
        let all = counts.map { (text: $0.key.text, count: $0.value) }
        guard all.count > frequent else { return (all, isComplete) }
        let order = { (a: (text: String, count: Count), b: (text: String, count: Count)) in
            a.count.queries != b.count.queries ? a.count.queries > b.count.queries : a.text < b.text
        }
        let sorted = all.sorted(by: order)
        let others = sorted[frequent...].filter { $0.count.blocked > 0 }
            .sorted { $0.count.blocked != $1.count.blocked ? $0.count.blocked > $1.count.blocked : order($0, $1) }
        return (Array(sorted[..<frequent]) + others.prefix(blocked), false)
    }

    private mutating func forget() {
        let entries = counts.sorted { a, b in
            a.value.queries != b.value.queries
                ? a.value.queries > b.value.queries : a.key.text < b.key.text
        }
        counts = Dictionary(uniqueKeysWithValues: entries.prefix(Self.mostCounted / 2).map { ($0.key, $0.value) })
        isComplete = false
    }
}
