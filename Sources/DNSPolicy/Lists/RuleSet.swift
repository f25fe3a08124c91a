/// Rules that are found by name or by one search for all expressions.
struct RuleSet: Sendable {
    private let rules: [FilterRule]
    /// The numbers of rules with a name by the name's key.
    private let byName: [UInt64: [Int]]
    private let expressions: ExpressionSet?
    /// The numbers of the rules with an expression, by the expression's number.
    private let searched: [Int]
    /// Whether one of them can speak to an address in an answer.
    let mayNameAddresses: Bool

    /// - Throws: ``ExpressionFault`` if the expressions can't be searched for together; each alone was accepted when
    ///   its line was read.
    init(_ rules: [FilterRule], key: NameKey) throws(ExpressionFault) {
        self.rules = rules
        var byName: [UInt64: [Int]] = [:]
        var searched: [Int] = []
        var texts: [String] = []
        var mayNameAddresses = false
        for (number, rule) in rules.enumerated() {
            switch rule.pattern {
            case .exact(let name), .subtree(let name), .below(let name):
                byName[key.key(of: name), default: []].append(number)
                if name.mayBeAddress { mayNameAddresses = true }
            case .expression(let text):
                searched.append(number)
                texts.append(text)
            }
        }
        self.byName = byName
        self.searched = searched
        self.mayNameAddresses = mayNameAddresses || !texts.isEmpty
        expressions = texts.isEmpty ? nil : try ExpressionSet(texts)
    }

    var isEmpty: Bool { rules.isEmpty }
    var count: Int { rules.count }
    /// Whether names are needed as text, for expressions.
    var needsText: Bool { expressions != nil }

    /// Calls `body` with each rule whose pattern and limits fit the question, in the order of the rules.
    func forEachMatch(_ subject: borrowing Subject, _ body: (FilterRule) -> Void) {
        guard !rules.isEmpty else { return }
        var numbers: [Int] = []
        for (depth, key) in subject.keys.enumerated() {
            guard let candidates = byName[key] else { continue }
            numbers += candidates.filter { matches(rules[$0].pattern, subject, depth: depth) }
        }
        if let expressions { numbers += expressions.matches(in: subject.text).map { searched[$0] } }
        if numbers.count > 1 { numbers.sort() }
        for number in numbers where rules[number].holds(for: subject.question) { body(rules[number]) }
    }

    /// Whether a rule found by the key of the name `depth` labels above the question speaks to it. The names are
    /// compared, so that equal hashes of different names do no harm.
    private func matches(_ pattern: DomainPattern, _ subject: borrowing Subject, depth: Int) -> Bool {
        switch pattern {
        case .exact(let name): depth == 0 && subject.question.name == name
        case .subtree(let name): subject.question.name.isSubdomain(of: name)
        case .below(let name): depth > 0 && subject.question.name.isSubdomain(of: name)
        case .expression: false
        }
    }
}
