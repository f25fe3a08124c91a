import Gateway
import Manifest
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
        let snapshot = try await session.store.snapshot()
        let outcome = try request.intent.run(snapshot.tree)
        guard let change = outcome.change else {
            console.result(
                text: "unchanged: \(outcome.object) is as wanted already\n", json: json(outcome, [], nil, []))
            return .success
        }
        var tree = snapshot.tree
        tree.apply(change)
        let result = tree.result(now: session.composition.clock.now(), completion: .writeBack)
        guard let catalog = result.catalog else {
            throw .invalidRepository(result.problems.filter { $0.severity == .error }.map { $0.render() })
        }
        let candidate = DesiredRevision(id: "dry-run", catalog: catalog, origin: "dry run")
        let finding = try await session.store.check.run(
            candidate, base: snapshot.tree, consent: outcome.consent, approvals: request.approvals,
            isRevocation: request.intent.isRevocation, isDryRun: true)
        var diff: [String] = []
        for file in change.files {
            let old: [UInt8]?
            do { old = try snapshot.tree.bytes(of: file.path) } catch { throw .failed("\(error)") }
            diff += UnifiedDiff(path: file.path, old: old, new: file.content).lines
        }
        console.result(
            text: text(change, diff, finding), json: json(outcome, diff, finding.report, finding.notes))
        return .success
    }

    private func text(_ change: TreeChange, _ diff: [String], _ finding: WriteCheck.Finding) -> String {
        var lines = [console.style.paint(TerminalText.escaped(change.subject), .heading)]
        lines += diff.map { line in
            let text = TerminalText.escaped(line)
            if line.hasPrefix("+") { return console.style.paint(text, .create) }
            return line.hasPrefix("-") ? console.style.paint(text, .delete) : text
        }
        lines += finding.notes.map { "note: " + TerminalText.escaped($0) }
        lines.append("")
        guard let report = finding.report else {
            return lines.joined(separator: "\n") + "the host can't be looked at from here: no plan\n"
        }
        return lines.joined(separator: "\n") + PlanText(report.plan, style: console.style).render()
    }

    private func json(
        _ outcome: IntentOutcome, _ diff: [String], _ report: PassReport?, _ notes: [String]
    ) -> ReportJSON {
        .object([
            ("document", .string("dry-run")),
            ("exit_code", .number(0)),
            ("object", WriteJSON.object(outcome.object)),
            ("unchanged", .boolean(outcome.change == nil)),
            ("subject", .optional(outcome.change?.subject)),
            ("diff", .array(diff.map(ReportJSON.string))),
            ("notes", .array(notes.map(ReportJSON.string))),
            ("plan", report.map { PassJSON($0, exitCode: 0).plan } ?? .null),
        ])
    }
}
