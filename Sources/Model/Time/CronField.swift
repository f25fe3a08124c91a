/// One of the five fields of a ``CronSchedule``: what it may hold, and how it is read.
struct CronField {
    /// What it is, for messages.
    let name: String
    /// The numbers it may hold.
    let range: ClosedRange<Int>
    /// Words for them, from the least on.
    let words: [String]
    /// The number that `words` begins with.
    let firstWord: Int
    /// What `*` stands for.
    let all: ClosedRange<Int>

    private init(
        _ name: String, _ range: ClosedRange<Int>, all: ClosedRange<Int>? = nil, words: [String] = [],
        firstWord: Int = 0
    ) {
        self.name = name
        self.range = range
        self.words = words
        self.firstWord = firstWord
        self.all = all ?? range
    }

    static let minute = CronField("minute", 0...59)
    static let hour = CronField("hour", 0...23)
    static let day = CronField("day of the month", 1...31)
    static let month = CronField(
        "month", 1...12,
        words: ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], firstWord: 1)
    /// Sunday is 0 and 7.
    static let weekday = CronField(
        "day of the week", 0...7, all: 0...6, words: ["sun", "mon", "tue", "wed", "thu", "fri", "sat"])

    /// The numbers of a text, one bit each.
    func mask(of text: Substring) throws(CronFailure) -> UInt64 {
        var mask: UInt64 = 0
        for item in text.split(separator: ",", omittingEmptySubsequences: false) {
            let parts = item.split(separator: "/", omittingEmptySubsequences: false)
            guard let base = parts.first, !base.isEmpty, parts.count <= 2 else { throw failure(item) }
            let (numbers, isRange) = try bounds(of: base, in: item)
            let width = try step(of: parts.count == 2 ? parts[1] : "1", in: item)
            guard parts.count == 1 || isRange else {
                let whole = "\(base)-\(range.upperBound)/\(width)"
                throw CronFailure("in the \(name), \"\(item)\" has a step but no range: write \(whole)")
            }
            for number in stride(from: numbers.lowerBound, through: numbers.upperBound, by: width) {
                mask |= 1 << UInt64(number)
            }
        }
        return mask
    }

    private func bounds(
        of text: Substring, in item: Substring
    ) throws(CronFailure) -> (numbers: ClosedRange<Int>, isRange: Bool) {
        if text == "*" { return (all, true) }
        let ends = text.split(separator: "-", omittingEmptySubsequences: false)
        guard ends.count <= 2, let low = number(ends[0]) else { throw failure(item) }
        guard ends.count == 2 else { return (low...low, false) }
        guard var high = number(ends[1]) else { throw failure(item) }
        // As an end Sunday is the last day of a week, not the first.
        if high == 0, low > 0, range.upperBound == 7 { high = 7 }
        guard low <= high else {
            throw CronFailure("in the \(name), \"\(item)\" goes backwards: write two ranges with a comma between them")
        }
        return (low...high, true)
    }

    private func step(of text: Substring, in item: Substring) throws(CronFailure) -> Int {
        guard let step = Self.digits(text), (1...range.upperBound).contains(step) else {
            throw CronFailure("in the \(name), the step of \"\(item)\" is not 1 to \(range.upperBound)")
        }
        return step
    }

    private func number(_ text: Substring) -> Int? {
        if let word = words.firstIndex(of: text.lowercased()) { return firstWord + word }
        return Self.digits(text).flatMap { range.contains($0) ? $0 : nil }
    }

    private static func digits(_ text: Substring) -> Int? {
        guard (1...2).contains(text.utf8.count), text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }

    private func failure(_ item: Substring) -> CronFailure {
        let words = words.first.map { " or \($0) to \(self.words[self.words.count - 1])" } ?? ""
        return CronFailure("in the \(name), \"\(item)\" is not \(range.lowerBound) to \(range.upperBound)\(words)")
    }
}

/// Why a text is no ``CronSchedule``.
public struct CronFailure: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong with it.
    public let description: String

    init(_ description: String) {
        self.description = description
    }
}
