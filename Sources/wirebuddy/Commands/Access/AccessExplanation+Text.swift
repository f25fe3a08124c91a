import Gateway
import Model
import Reconciler

extension AccessExplanation {
    /// The explanation for people.
    func text(_ style: TextStyle) -> String { answers.map { text($0, style) }.joined(separator: "\n") }

    private func text(_ answer: AccessAnswer, _ style: TextStyle) -> String {
        let decision = answer.decision
        let there = answers.count > 1 ? answer.destinations.joined(separator: ", ") : "\(question.destination)"
        let title = "\(Self.named(question.source, from)) to \(Self.named(there, to)) \(question.service)"
        let mark: TextStyle.Role = decision.action == .deny ? .failure : .good
        var lines = ["\(TerminalText.escaped(title)): \(style.paint(decision.action.rawValue, mark))"]
        if let forwarded = decision.forwarded {
            lines.append("  by \(Self.place(forwarded.location)): \(TerminalText.escaped("\(forwarded)"))")
        }
        let reason = TerminalText.escaped("\(decision.cause)")
        lines.append(decision.statement.map { "  by \(Self.place($0.location)): \(reason)" } ?? "  because: \(reason)")
        lines += decision.overridden.map { "  over \(Self.place($0.location)): \(TerminalText.escaped("\($0)"))" }
        lines += answer.notes.map { "  note: \(TerminalText.escaped($0))" }
        return lines.joined(separator: "\n") + "\n"
    }

    /// An end as it was asked about, with the peer it is, unless that says the same.
    private static func named(_ end: some CustomStringConvertible, _ peer: String?) -> String {
        let written = end.description
        guard let peer, peer != written else { return written }
        return peer.hasSuffix("/\(written)") ? peer : "\(written) of \(peer)"
    }

    private static func place(_ location: SourceLocation) -> String { "\(location.path):\(location.line)" }
}
