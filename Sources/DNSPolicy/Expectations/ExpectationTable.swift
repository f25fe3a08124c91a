internal import Model

/// A table of expectations, one a line: `NAME [CLIENT [TYPE]] -> allow | block | rewrite VALUE [by SOURCE]`.
///
/// A client of `*`, or none, is every peer; the type is A if there is none. `#` begins a comment. Names with blanks
/// stand in double quotes. A source is a file or list (`ads`), with or without a line (`dns/rules.yaml:12`).
public struct ExpectationTable: Sendable, Equatable {
    /// The expectations in the order of the lines.
    public let expectations: [Expectation]

    /// Reads a table.
    ///
    /// - Throws: ``Faults`` with every line that is not understood.
    public init(_ text: String) throws(Faults) {
        var expectations: [Expectation] = []
        var faults: [Fault] = []
        for (index, line) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            do {
                if let expectation = try Self.read(Array(line), line: index + 1) { expectations.append(expectation) }
            } catch {
                faults.append(error)
            }
        }
        guard faults.isEmpty else { throw Faults(faults: faults) }
        self.expectations = expectations
    }

    /// A line that is not understood.
    public struct Fault: Error, Sendable, Equatable {
        /// The line, from 1.
        public let line: Int
        /// What is wrong with it: lower case, no full stop.
        public let reason: String
    }

    /// All lines of a table that are not understood.
    public struct Faults: Error, Sendable, Equatable {
        /// In the order of the lines.
        public let faults: [Fault]
    }

    private static func read(_ text: [UInt8], line: Int) throws(Fault) -> Expectation? {
        guard let words = TableWords.words(of: text) else { throw Fault(line: line, reason: "a quote is not closed") }
        guard !words.isEmpty else { return nil }
        func fault(_ reason: String) -> Fault { Fault(line: line, reason: reason) }
        guard let arrow = words.firstIndex(of: "->"), (1...3).contains(arrow) else {
            throw fault("a line is NAME [CLIENT [TYPE]] -> allow | block | rewrite VALUE [by SOURCE]")
        }
        let name: DomainName
        do {
            name = try DomainName(text: words[0])
        } catch {
            throw fault("\(words[0]) is not a domain name: \(error)")
        }
        var type = RecordType.a
        if arrow == 3 {
            guard let named = RecordType(text: words[2]) else { throw fault("\(words[2]) is not a type of record") }
            type = named
        }
        var right = words[(arrow + 1)...]
        var source: String?
        if right.count > 2, right[right.endIndex - 2] == "by" {
            source = right.removeLast()
            right.removeLast()
        }
        let outcome: Expectation.Outcome
        switch (right.first, right.count) {
        case ("allow", 1): outcome = .allow
        case ("block", 1): outcome = .block
        case ("rewrite", 2): outcome = .rewrite(right[right.startIndex + 1])
        default: throw fault("after -> comes allow, block or rewrite VALUE, then perhaps by SOURCE")
        }
        let client = arrow > 1 && words[1] != "*" ? words[1] : nil
        return Expectation(name: name, client: client, type: type, outcome: outcome, source: source, line: line)
    }
}
