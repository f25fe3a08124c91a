/// A table of expectations, one a line: `FROM TO SERVICE -> allow | deny [by DOCUMENT]`.
///
/// FROM is a peer, an address, or `*` for every peer; TO is a peer, an address or `gateway`; SERVICE is `tcp/443`, `udp/53`
/// or `icmp`. `#` begins a comment. Names with blanks stand in double quotes. A document is named by its name, its file
/// (`access/staff.yaml`), or its file and line (`access/staff.yaml:12`).
public struct AccessExpectationTable: Sendable, Hashable {
    /// The expectations in the order of the lines.
    public let expectations: [AccessExpectation]

    /// Reads a table.
    ///
    /// - Throws: ``Faults`` with every line that is not understood.
    public init(_ text: String) throws(Faults) {
        var expectations: [AccessExpectation] = []
        var faults: [Fault] = []
        for (index, line) in text.utf8.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
            do {
                if let expectation = try Self.read(line, index + 1) { expectations.append(expectation) }
            } catch {
                faults.append(error)
            }
        }
        guard faults.isEmpty else { throw Faults(faults: faults) }
        self.expectations = expectations
    }

    /// A line that is not understood.
    public struct Fault: Error, Sendable, Hashable {
        /// The line, from 1.
        public let line: Int
        /// What is wrong with it: lower case but for words of the table, no full stop.
        public let reason: String
    }

    /// All lines of a table that are not understood.
    public struct Faults: Error, Sendable, Hashable {
        /// In the order of the lines.
        public let faults: [Fault]
    }

    private static func read(_ text: Substring.UTF8View, _ line: Int) throws(Fault) -> AccessExpectation? {
        guard let words = TableWords.words(of: text) else { throw Fault(line: line, reason: "a quote is not closed") }
        guard !words.isEmpty else { return nil }
        guard words.count == 5 || words.count == 7 && words[5] == "by", words[3] == "->" else {
            throw Fault(line: line, reason: "a line is FROM TO SERVICE -> allow | deny [by DOCUMENT]")
        }
        guard let action = AccessRule.Action(rawValue: words[4]) else {
            throw Fault(line: line, reason: "after -> comes allow or deny, then perhaps by DOCUMENT")
        }
        let source = words[0] == "*" ? nil : words[0]
        do {
            return AccessExpectation(
                source: source, question: try AccessQuestion(from: words[0], to: words[1], service: words[2]),
                action: action, document: words.count == 7 ? words[6] : nil, line: line)
        } catch {
            throw Fault(line: line, reason: error.reason)
        }
    }
}
