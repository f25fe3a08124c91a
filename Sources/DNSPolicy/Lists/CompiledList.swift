public import Model

/// A blocklist, read and ready to decide: plain names in a table, everything else as rules.
public final class CompiledList: Sendable {
    /// The name of the list.
    public let name: String
    /// How its lines were read.
    public let format: Blocklist.Format
    /// The secret its names are hashed under; all lists of a policy have the same.
    let key: NameKey
    let names: NameTable
    let rules: RuleSet
    /// The canonical texts of rules that the list takes back, in whatever list they stand.
    let disabled: Set<String>
    /// The lines of the rules, to be read again from a file.
    let ruleText: [UInt8]
    /// Lines that were not taken, by why.
    public let skipped: [SkipReason: Int]

    init(
        name: String, format: Blocklist.Format, key: NameKey, names: NameTable, rules: KeptRules,
        skipped: [SkipReason: Int]
    ) throws(ExpressionFault) {
        self.name = name
        self.format = format
        self.key = key
        self.names = names
        self.rules = try RuleSet(rules.rules, key: key)
        disabled = rules.disabled
        ruleText = rules.text
        self.skipped = skipped
    }

    /// How many names and rules it has.
    public var count: Int { names.count + rules.count }
    /// Tells one reading of a list from another.
    public var identity: ObjectIdentifier { ObjectIdentifier(names.places) }
    /// Whether it can speak to an address in an answer.
    var mayNameAddresses: Bool { names.mayNameAddresses || rules.mayNameAddresses }
    /// Memory that its table of names takes, in bytes.
    public var tableBytes: Int { names.bytes }

    /// Calls `body` with each match of the question, whether taken back or not.
    func forEachMatch(_ subject: borrowing Subject, _ body: (RuleMatch, _ canonicalText: () -> String) -> Void) {
        for (depth, key) in subject.keys.enumerated() {
            if let line = names.subtreeLine(key) { entry(subject.name(at: depth), below: true, line, body) }
            if depth == 0, let line = names.exactLine(key) { entry(subject.question.name, below: false, line, body) }
        }
        rules.forEachMatch(subject) { rule in
            let match = RuleMatch(
                action: rule.action, isImportant: rule.isImportant, layer: .blocklists, source: rule.source,
                text: rule.text)
            body(match) { rule.canonicalText }
        }
    }

    private func entry(
        _ name: DomainName, below: Bool, _ line: UInt32, _ body: (RuleMatch, () -> String) -> Void
    ) {
        let pattern: DomainPattern = below ? .subtree(name) : .exact(name)
        let match = RuleMatch(
            action: .block, isImportant: false, layer: .blocklists,
            source: RuleSource(origin: self.name, line: Int(line)),
            text: format == .adblock && below ? pattern.canonicalText : "\(name)")
        body(match) { pattern.canonicalText }
    }
}
