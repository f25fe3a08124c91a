import Gateway
import Model
import Reconciler

/// The history of the configuration as text and JSON.
struct LogOutput {
    /// Newest first.
    let entries: [HistoryEntry]
    let results: RevisionResults
    /// The head of the branch.
    let head: String?

    func text(_ style: TextStyle) -> String {
        let rows = entries.map { entry in
            (
                entry: entry, result: results.records[entry.revision]?.status.rawValue ?? "-",
                who: TerminalText.escaped(entry.author + (entry.via.map { " via \($0)" } ?? ""))
            )
        }
        let resultWidth = rows.map(\.result.count).max() ?? 0
        let whoWidth = min(rows.map(\.who.count).max() ?? 0, 32)
        let padded = { (text: String, width: Int) in text + String(repeating: " ", count: max(0, width - text.count)) }
        var lines: [String] = []
        for row in rows {
            let revision = row.entry.revision
            let role: TextStyle.Role =
                switch results.records[revision]?.status {
                case .applied: .good
                case .failed: .failure
                case .pending: .warning
                case .superseded, nil: .faint
                }
            let marks = [revision == head ? "head" : nil, revision == results.lastApplied ? "in force" : nil]
                .compactMap(\.self)
            let mark = marks.isEmpty ? "" : style.paint(" (\(marks.joined(separator: ", ")))", .heading)
            lines.append(
                "\(revision.prefix(12))  \(row.entry.at)  \(style.paint(padded(row.result, resultWidth), role))"
                    + "  \(padded(row.who, whoWidth))  \(TerminalText.escaped(row.entry.subject))\(mark)")
            if let record = results.records[revision], record.status == .failed, !record.message.isEmpty {
                lines += record.message.split(separator: "\n").prefix(3).map {
                    "    " + style.paint(TerminalText.escaped(String($0)), .failure)
                }
            }
        }
        return lines.isEmpty ? "nothing\n" : lines.joined(separator: "\n") + "\n"
    }

    var json: JSONValue {
        .object([
            ("document", .string("log")),
            ("head", .optional(head)),
            ("in_force", .optional(results.lastApplied)),
            ("revisions", revisions),
        ])
    }

    /// Newest first.
    var revisions: JSONValue { .array(entries.map { results.json($0, head: head) }) }
}
