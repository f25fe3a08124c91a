import Gateway
import Reconciler

extension DNSExplanation {
    /// The explanation for people.
    func text(_ style: TextStyle) -> String { answers.map { text($0, style) }.joined(separator: "\n") }

    /// Whom of many the text names.
    private static let named = 3

    private func text(_ answer: Answer, _ style: TextStyle) -> String {
        var who = answer.clients.prefix(Self.named).joined(separator: ", ")
        if answer.clients.count > Self.named { who += " and \(answer.clients.count - Self.named) more" }
        let word = answer.decision == .rewrite ? "rewrite to" : answer.decision.rawValue
        let decision = ([word] + (answer.answers.map { [$0.joined(separator: ", ")] } ?? [])).joined(separator: " ")
        let mark: TextStyle.Role = answer.decision == .block ? .failure : .good
        var lines = ["\(name) \(type) for \(who): \(style.paint(decision, mark))"]
        if let rule = answer.rule {
            lines.append("  by \(rule.source): \(TerminalText.escaped(rule.text)) (\(answer.reason))")
        } else {
            lines.append("  because: \(answer.reason)")
        }
        for rule in answer.overridden {
            lines.append("  over \(rule.source): \(TerminalText.escaped(rule.text)) (\(Self.words(rule.layer)))")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func words(_ layer: String) -> String {
        switch layer {
        case "peer_rules": "a rule for this peer"
        case "global_rules": "a rule for everybody"
        case "blocklists": "a blocklist"
        default: layer
        }
    }
}
