import DNSPolicy
import Model
import Reconciler

/// An explanation and everybody it is the same for.
struct ExplainedAnswer {
    var clients: [PolicyClient]
    let explanation: Explanation

    /// Whom of many the text names.
    private static let named = 3

    func text(_ name: DomainName, _ type: RecordType, _ style: TextStyle) -> String {
        let decision = explanation.decision
        var who = clients.prefix(Self.named).map { "\($0.interface)/\($0.peer)" }.joined(separator: ", ")
        if clients.count > Self.named { who += " and \(clients.count - Self.named) more" }
        let mark: TextStyle.Role = decision.action == .block ? .failure : .good
        var lines = ["\(name) \(type) for \(who): \(style.paint(word(decision.action), mark))"]
        if let rule = decision.rule {
            lines.append("  by \(rule.source): \(TerminalText.escaped(rule.text)) (\(decision.reason))")
        } else {
            lines.append("  because: \(decision.reason)")
        }
        for rule in explanation.overridden {
            lines.append(
                "  over \(rule.source): \(TerminalText.escaped(rule.text)) (\(Decision.Reason.rule(rule.layer)))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func word(_ action: Decision.Action) -> String {
        switch action {
        case .pass, .allow: "allow"
        case .block: "block"
        case .rewrite(let rewriting): "rewrite to \(rewriting)"
        }
    }

    var json: JSONValue {
        let decision = explanation.decision
        var fields: [(String, JSONValue)] = [
            ("clients", .array(clients.map { .string("\($0.interface)/\($0.peer)") })),
            ("decision", .string(kind(decision.action))),
            ("reason", .string("\(decision.reason)")),
            ("rule", decision.rule.map(rule) ?? .null),
            ("overridden", .array(explanation.overridden.map(rule))),
        ]
        if case .rewrite(let rewriting) = decision.action {
            fields.insert(("answers", .array(rewriting.values.map { .string("\($0)") })), at: 2)
        }
        return .object(fields)
    }

    private func kind(_ action: Decision.Action) -> String {
        switch action {
        case .pass, .allow: "allow"
        case .block: "block"
        case .rewrite: "rewrite"
        }
    }

    private func rule(_ match: RuleMatch) -> JSONValue {
        .object([
            ("source", .string("\(match.source)")), ("text", .string(match.text)),
            ("layer", .string(match.layer.word)), ("important", .boolean(match.isImportant)),
        ])
    }
}

extension PolicyLayer {
    /// The word of JSON results.
    fileprivate var word: String {
        switch self {
        case .peerRules: "peer_rules"
        case .globalRules: "global_rules"
        case .blocklists: "blocklists"
        }
    }
}
