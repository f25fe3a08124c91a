import Gateway
import Manifest
import Model
import Reconciler

/// Shows what a write would do: the changes of the files and the plan.
struct DryRun {
    let session: GatewaySession
    let console: Console
    let global: GlobalOptions

    init(_ session: GatewaySession, _ console: Console, _ global: GlobalOptions) {
        self.session = session
        self.console = console
        self.global = global
    }

    /// - Throws: ``GatewayFailure``, as the write would.
    func show(_ request: IntentRequest) async throws(GatewayFailure) -> ExitStatus {
        let preview = try await session.store.preview(request)
        let outcome = preview.outcome
        guard let change = outcome.change else {
            console.result(
                text: "unchanged: \(outcome.object) is as wanted already\n", json: json(outcome, [], nil, []))
            return .success
        }
        var diff: [String] = []
        for file in change.files {
            let old: [UInt8]?
            do { old = try preview.base.bytes(of: file.path) } catch { throw .failed("\(error)") }
            diff += UnifiedDiff(path: file.path, old: old, new: file.content).lines
        }
        console.result(
            text: text(change, diff, preview), json: json(outcome, diff, preview.report, preview.notes))
        return .success
    }

    private func text(_ change: TreeChange, _ diff: [String], _ preview: WritePreview) -> String {
        var lines = [console.style.paint(TerminalText.escaped(change.subject), .heading)]
        lines += diff.map { line in
            let text = TerminalText.escaped(line)
            if line.hasPrefix("+") { return console.style.paint(text, .create) }
            return line.hasPrefix("-") ? console.style.paint(text, .delete) : text
        }
        lines += preview.notes.map { "note: " + TerminalText.escaped($0) }
        lines.append("")
        guard let report = preview.report else {
            return lines.joined(separator: "\n") + "the host can't be looked at from here: no plan\n"
        }
        return lines.joined(separator: "\n") + PlanText(report.plan, style: console.style).render()
    }

    private func json(
        _ outcome: IntentOutcome, _ diff: [String], _ report: PassReport?, _ notes: [String]
    ) -> JSONValue {
        .object([
            ("document", .string("dry-run")),
            ("exit_code", .number(0)),
            ("object", WriteJSON.object(outcome.object)),
            ("unchanged", .boolean(outcome.change == nil)),
            ("subject", .optional(outcome.change?.subject)),
            ("diff", .array(diff.map(JSONValue.string))),
            ("notes", .array(notes.map(JSONValue.string))),
            ("plan", report.map { PassJSON($0, exitCode: 0).plan } ?? .null),
        ])
    }
}
