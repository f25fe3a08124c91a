public import Model

/// The rules that the repository itself declares, in the order of its files.
public struct OwnRules: Sendable, Equatable {
    /// The rules.
    public private(set) var rules: [FilterRule] = []
    /// The canonical texts of rules that are taken back by `$badfilter`, here and in every list.
    private(set) var disabled: Set<String> = []

    /// No rules.
    public init() {}

    /// Adds a declared rule.
    ///
    /// - Throws: ``LineFault`` if its domain or answer is not understood.
    public mutating func add(_ rule: DNSRule) throws(LineFault) {
        let source = RuleSource(origin: rule.location.path, line: rule.location.line)
        let pattern = try DomainPattern(declared: rule.domain)
        var read = FilterRule(pattern: pattern, action: try Self.action(rule), source: source, text: "\(rule)")
        if let client = rule.client { read.clients = ClientCondition(included: [client]) }
        read.expiresAt = rule.expiresAt
        rules.append(read)
    }

    private static func action(_ rule: DNSRule) throws(LineFault) -> RuleAction {
        switch (rule.action, rule.answer) {
        case (.block, _): return .block
        case (.allow, _): return .allow
        case (.rewrite, .address(let address)): return .rewrite(.address(address))
        case (.rewrite, .name(let name)): return .rewrite(.canonicalName(try ListLine.name(Array(name.utf8)[...])))
        case (.rewrite, .nxdomain): return .rewrite(.responseCode(.nameError))
        case (.rewrite, nil): throw LineFault(.badModifier, "a rewrite needs an answer")
        }
    }

    /// Adds a line of AdGuard's syntax.
    ///
    /// - Throws: ``LineFault`` if the line is not taken.
    public mutating func add(_ line: DNSFilterLine) throws(LineFault) {
        let source = RuleSource(origin: line.location.path, line: line.location.line)
        switch try ListLine.read(Array(line.text.utf8)[...], as: .adblock, at: source) {
        case .nothing: break
        case .names(let patterns):
            rules += patterns.map {
                FilterRule(pattern: $0, action: .block, source: source, text: Printable.text(line.text.utf8))
            }
        case .rule(let rule): rules.append(rule)
        case .disables(let rule): disabled.insert(rule)
        }
    }
}
