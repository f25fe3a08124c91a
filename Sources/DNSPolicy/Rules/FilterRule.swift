public import Model

/// A rule of any origin, read and ready to decide.
public struct FilterRule: Sendable, Hashable {
    /// The names it is about.
    public let pattern: DomainPattern
    /// What it wants done.
    public let action: RuleAction
    /// Whether it is stronger than a rule of the same layer without `$important`.
    public var isImportant = false
    /// Names that it leaves alone with all below them (`$denyallow`).
    var exceptions: [DomainName] = []
    /// The types of record it is limited to.
    var types: TypeCondition?
    /// Whom it is limited to.
    var clients: ClientCondition?
    /// The instant from which it no longer holds.
    public var expiresAt: Timestamp?
    /// Where it stands.
    public let source: RuleSource
    /// The rule as it was written.
    public let text: String

    init(pattern: DomainPattern, action: RuleAction, source: RuleSource, text: String) {
        self.pattern = pattern
        self.action = action
        self.source = source
        self.text = text
    }

    /// Whether nothing limits the rule: a list keeps such a rule as an entry of its table of names.
    var isPlainBlock: Bool {
        action == .block && !isImportant && exceptions.isEmpty && types == nil && clients == nil && expiresAt == nil
    }

    /// Two rules with equal canonical texts say the same: `$badfilter` names a rule by it.
    var canonicalText: String {
        var parts: [String] = []
        if isImportant { parts.append("important") }
        if !exceptions.isEmpty {
            parts.append("denyallow=" + exceptions.map { "\($0)" }.sorted().joined(separator: "|"))
        }
        if let types { parts.append("dnstype=\(types.canonicalText)") }
        if let clients { parts.append("client=\(clients.canonicalText)") }
        let mark: String
        switch action {
        case .block: mark = ""
        case .allow: mark = "@@"
        case .rewrite(let value): (mark, _) = ("", parts.append("dnsrewrite=\(value)"))
        case .removeRewrites(let value): (mark, _) = ("@@", parts.append("dnsrewrite=\(value.map { "\($0)" } ?? "")"))
        }
        return mark + pattern.canonicalText + (parts.isEmpty ? "" : "$" + parts.joined(separator: ","))
    }

    /// Whether the rule's limits let it speak here; the pattern has been matched before.
    func holds(for question: PolicyQuestion) -> Bool {
        if let types, !types.holds(for: question.type) { return false }
        if let expiresAt, question.time >= expiresAt { return false }
        if let clients, !clients.holds(for: question.client) { return false }
        return !exceptions.contains { question.name.isSubdomain(of: $0) }
    }
}
