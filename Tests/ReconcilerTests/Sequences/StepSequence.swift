/// Steps one after the other.
struct StepSequence: Hashable, Sendable, CustomStringConvertible {
    var steps: [Step]

    init(_ steps: [Step]) { self.steps = steps }

    /// The sequence of a seed: 3 to 12 steps. Of two sequences one is about anything, the other one above all about steps
    /// that have to do with each other: what takes three certain steps in a row would hardly ever happen by chance.
    init(seed: UInt64, number: Int) {
        var random = SplitMix64(seed: seed &* 0xD134_2543_DE82_EF95 &+ UInt64(number))
        let isAboutAnything = Bool.random(using: &random)
        let theme = Verb.themes[Int.random(in: 0..<Verb.themes.count, using: &random)]
        steps = (0..<Int.random(in: 3...12, using: &random)).map { _ in
            let verbs = isAboutAnything || Int.random(in: 0..<5, using: &random) == 0 ? Verb.allCases : theme
            let verb = verbs[Int.random(in: 0..<verbs.count, using: &random)]
            return Step(verb, Int.random(in: 0..<100, using: &random), Int.random(in: 0..<100, using: &random))
        }
    }

    /// Reads what ``description`` wrote; nil when a line is no step.
    init?(_ text: String) {
        let lines = text.split(separator: "\n").filter { !$0.hasPrefix("#") }
        let steps = lines.compactMap { Step($0) }
        guard steps.count == lines.count else { return nil }
        self.steps = steps
    }

    var description: String { steps.map(\.description).joined(separator: "\n") }

    /// Leaves out as many steps as possible, and makes numbers small, while the sequence still fails, in at most so many
    /// tries.
    func shrunk(tries: Int = 400, fails: (StepSequence) async -> Bool) async -> StepSequence {
        var (best, left, size) = (self, tries, max(steps.count / 2, 1))
        while left > 0 {
            var (start, isShorter) = (0, false)
            while start < best.steps.count, left > 0 {
                var shorter = best
                shorter.steps.removeSubrange(start..<min(start + size, best.steps.count))
                left -= 1
                if !shorter.steps.isEmpty, await fails(shorter) {
                    (best, isShorter) = (shorter, true)
                } else {
                    start += size
                }
            }
            if size == 1, !isShorter { break }
            if !isShorter { size = max(size / 2, 1) }
        }
        for index in best.steps.indices {
            for number in 0..<4 where left > 0 {
                for path in [\Step.what, \Step.how] where best.steps[index][keyPath: path] > number {
                    var smaller = best
                    smaller.steps[index][keyPath: path] = number
                    left -= 1
                    if await fails(smaller) { best = smaller }
                }
            }
        }
        return best
    }
}
