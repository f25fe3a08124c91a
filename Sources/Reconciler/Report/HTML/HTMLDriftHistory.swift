import Model

/// The history of drift in a report: what stands, then what ended.
struct HTMLDriftHistory {
    private let history: DriftHistory

    init(_ history: DriftHistory) {
        self.history = history
    }

    /// Its numbers.
    var tiles: [String] {
        let healed = history.records.filter { $0.healedAt != nil }
        let counted = { (healing: DriftRecord.Healing) in healed.lazy.filter { $0.healing == healing }.count }
        return [
            HTMLPiece.tile(history.records.count - healed.count, "standing", "failure"),
            HTMLPiece.tile(counted(.loop) + counted(.apply), "healed", "good"),
            HTMLPiece.tile(counted(.elsewhere), "gone without us"),
        ]
    }

    /// Its sections.
    var sections: String {
        let records = history.records.map(render).joined()
        let rest = history.total - history.records.count
        let more =
            rest > 0
            ? HTMLPiece.paragraph("and \(Counting.counted(rest, "older record")); see --limit", "faint") : ""
        let none = records.isEmpty ? HTMLPiece.paragraph("No drift is known.", "faint") : ""
        return HTMLPiece.section("History", records + more + none)
    }

    private func render(_ record: DriftRecord) -> String {
        let times = record.count > 1 ? "\(Counting.grouped(record.count)) times, " : ""
        let more: String =
            if let at = record.healedAt, let healing = record.healing {
                "\(times)\(healing.words) \(at)"
            } else {
                "\(times)stands since \(record.firstSeen)"
            }
        let content =
            HTMLPiece.fields(record.fields, before: "Found", after: "Applied")
            + HTMLPiece.list([
                ("what", Self.words(record.action)),
                ("first seen", "\(record.firstSeen)"), ("last seen", "\(record.lastSeen)"),
                ("seen", record.count == 1 ? "once" : "\(Counting.grouped(record.count)) times"),
                ("healed", record.healedAt.flatMap { at in record.healing.map { "\($0.words) \(at)" } } ?? "not yet"),
                ("pass", record.pass), ("writer", record.writer?.description ?? "unknown"),
                ("id", record.peer), ("fingerprint", record.fingerprint),
            ])
        return HTMLPiece.object(
            record.healedAt == nil ? "stands" : "ended", record.healedAt == nil ? "failure" : "good",
            name: record.object.description, more: more, isOpen: false, content)
    }

    private static func words(_ action: Change.Action) -> String {
        switch action {
        case .create: "it was missing"
        case .update: "it was changed"
        case .delete: "it was there, and nobody declared it"
        case .adopt: "it was foreign"
        }
    }
}
