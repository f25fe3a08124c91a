import Model

/// The history of drift for a terminal: a paragraph for each record.
public struct DriftHistoryText {
    private let history: DriftHistory
    private let style: TextStyle

    /// A rendering.
    public init(_ history: DriftHistory, style: TextStyle) {
        self.history = history
        self.style = style
    }

    /// The text, with a final line break.
    public func render() -> String {
        guard !history.records.isEmpty else { return "no drift is known\n" }
        let standing = history.records.lazy.filter { $0.healedAt == nil }.count
        var lines: [String] = []
        for record in history.records { lines += paragraph(record) + [""] }
        let hidden = history.total - history.records.count
        lines.append(
            "\(Counting.counted(history.total, "drift")), \(Counting.grouped(standing)) standing"
                + (hidden > 0 ? "; \(Counting.grouped(hidden)) not shown, see --limit" : ""))
        return lines.joined(separator: "\n") + "\n"
    }

    private func paragraph(_ record: DriftRecord) -> [String] {
        let change = Change(
            object: record.object, publicKey: nil, peerID: record.peer, action: record.action, reason: .drift,
            fields: record.fields, impact: .none, liveSessions: 0, isReportOnly: false, digest: "")
        var lines = ChangeText(change, style: style).lines
        let times = record.count == 1 ? "" : ", \(Counting.grouped(record.count)) times"
        lines.append("      seen \(record.firstSeen) to \(record.lastSeen)\(times)")
        lines.append("      " + state(of: record))
        lines.append("      writer: \(TerminalText.escaped(record.writer?.description ?? "unknown"))")
        return lines
    }

    private func state(of record: DriftRecord) -> String {
        guard let at = record.healedAt, let healing = record.healing else {
            return style.paint("stands", .warning)
        }
        return style.paint("\(healing.words) \(at), pass \(record.pass)", .good)
    }
}

extension DriftRecord.Healing {
    /// How it ended, in front of a time.
    var words: String {
        switch self {
        case .loop: "healed by the loop"
        case .apply: "healed by an explicit apply"
        case .elsewhere: "gone without us"
        }
    }
}
