import Model

/// What a pass did, or would do, as text for people. What failed comes first, because it is what they look for.
public struct PassText: Sendable {
    /// The report.
    public var report: PassReport
    /// The colours.
    public var style: TextStyle
    /// How many objects of one kind and action are shown before the rest is only counted; nil = all.
    public var limit: Int?
    /// The command and options that apply the plan; rails and consents add to it.
    public var applyCommand: String

    /// A rendering.
    public init(
        _ report: PassReport, style: TextStyle = .plain, limit: Int? = 20, applyCommand: String = "wirebuddy apply"
    ) {
        self.report = report
        self.style = style
        self.limit = limit
        self.applyCommand = applyCommand
    }

    /// The text, with a final line break.
    public func render() -> String {
        let plan = PlanText(report.plan, style: style, limit: limit, applyCommand: applyCommand)
        if report.isPreview {
            // Nothing to do for the last good revision is not "in sync".
            if report.revisionFailure != nil, report.plan.changes.isEmpty { return text(head() + circumstances()) }
            return text(head() + circumstances()) + plan.render()
        }
        var lines = head()
        let results = report.results
        lines += section("Failed", results, .failed)
        lines += section("Not tried", results, .notTried)
        lines += section("Left alone", results, .held)
        lines += section("Done", results, .done)
        if !report.remaining.isEmpty {
            lines += ChangeList(title: "Still different after it was read again", style: style, limit: limit)
                .lines(report.remaining)
        }
        lines += healing()
        lines += plan.remarks()
        lines += circumstances()
        lines += checkpoint()
        lines.append(summary(results))
        return text(lines)
    }

    /// One line about a pass of the loop that changed or refused something, or nil when there is nothing to say.
    public func line() -> String? {
        let results = report.results
        let counts = OutcomeCounts(results.map(\.outcome))
        var parts: [String] = []
        let done = results.filter { $0.outcome == .done }.map(\.change)
        for (verb, changes) in [
            ("revoked", done.filter(\.isRevocation)),
            ("applied", done.filter { !$0.isRevocation && $0.reason != .drift }),
            ("healed", done.filter { $0.reason == .drift }),
        ] {
            guard let numbers = PlanSummary(changes).done else { continue }
            parts.append("\(verb) \(numbers)\(names(of: changes))")
        }
        if counts.failed > 0 {
            let first = results.first { OutcomeClass($0.outcome) == .failed }
            parts.append(
                "\(Counting.grouped(counts.failed)) failed"
                    + (first.map { " (\($0.change.object): \(Self.message(of: $0.outcome) ?? ""))" } ?? ""))
        }
        if counts.notTried > 0 { parts.append("\(Counting.grouped(counts.notTried)) not tried") }
        for refusal in report.plan.refusals { parts.append("refused by rail \(refusal.rail): \(refusal.message)") }
        if let healing = report.healing, !healing.outcomes.isEmpty {
            parts.append("healed \(Counting.counted(healing.outcomes.count, "object")) of the last good revision")
        }
        guard !parts.isEmpty else { return nil }
        let revision = report.inForce.map { "\($0): " } ?? ""
        return TerminalText.escaped("\(revision)\(parts.joined(separator: "; "))")
    }

    /// Up to three names.
    private func names(of changes: [Change]) -> String {
        let names = changes.prefix(3).map(\.object.description).joined(separator: ", ")
        return ": \(names)" + (changes.count > 3 ? " and \(Counting.grouped(changes.count - 3)) more" : "")
    }

    /// What nobody has confirmed yet, and what was undone for that.
    private func checkpoint() -> [String] {
        var lines: [String] = []
        if let restoration = report.restoration, let checkpoint = restoration.checkpoint ?? report.checkpoint {
            let why = restoration.failure.map { "could not be restored: \($0)" } ?? "was restored"
            lines.append(
                style.paint(
                    "\(checkpoint.tried) was not confirmed in time: \(checkpoint.confirmed) \(TerminalText.escaped(why))",
                    restoration.failure == nil ? .warning : .failure))
            lines += restoration.failingProbes.map { style.paint("probe \(ProbeText.line($0))", .failure) }
        }
        if let failure = report.checkpointFailure { lines.append(style.paint(TerminalText.escaped(failure), .failure)) }
        if let why = report.unprotected {
            lines.append(style.paint("it can't be undone by itself: \(TerminalText.escaped(why))", .warning))
        }
        if let tried = report.waitsFor {
            lines.append(style.paint("nothing else is done before \(tried) is confirmed or rolled back", .warning))
        }
        if let checkpoint = report.checkpoint, checkpoint.state.isOpen {
            for line in report.plan.irreversible {
                lines.append(style.paint("can't be undone: \(TerminalText.escaped(line))", .warning))
            }
            lines += checkpoint.probes.map { style.paint("probe \(ProbeText.line($0))", ProbeText.role($0)) }
            let how =
                checkpoint.isConfirmedByProbes
                ? "its probes succeed"
                : "it is confirmed: POST /api/confirm from where you need access, or `wirebuddy confirm --console` here"
            lines.append(
                style.paint(
                    "waiting: \(checkpoint.tried) is undone at \(checkpoint.deadline) unless \(how)", .warning))
        }
        return lines
    }

    private func text(_ lines: [String]) -> String {
        lines.isEmpty ? "" : lines.joined(separator: "\n") + "\n"
    }

    private func head() -> [String] {
        var lines = simulation()
        if let revision = report.revision {
            lines.append("revision \(revision.id) (\(TerminalText.escaped(revision.origin)))")
            if revision.isDirty {
                lines.append(style.paint("dirty: uncommitted edits in the worktree are not part of it", .warning))
            }
            lines += revision.warnings
        }
        switch report.revisionFailure {
        case .unreadable(let why):
            lines.append(style.paint("the configuration can't be read: \(TerminalText.escaped(why))", .failure))
        case .invalid(let revision, let problems):
            lines.append(style.paint("revision \(revision) is not valid and not applied:", .failure))
            lines += problems.prefix(limit ?? problems.count)
            if let limit, problems.count > limit {
                lines.append(style.paint("… and \(Counting.counted(problems.count - limit, "more problem"))", .faint))
            }
        case nil: break
        }
        if report.revisionFailure != nil {
            lines.append(
                report.inForce.map { "the last good revision \($0) stays in force" }
                    ?? "what was applied before stays as it is")
        }
        return lines.isEmpty ? [] : lines + [""]
    }

    /// What nobody can know who sees only files.
    private func simulation() -> [String] {
        guard let simulation = report.simulation else { return [] }
        let unknown = PassReport.SimulationInfo.unknown
        var lines = ["planned from the files of \(simulation.base), not from a host: \(unknown)"]
        if !simulation.unresolved.isEmpty {
            let names = simulation.unresolved.map(TerminalText.escaped).joined(separator: ", ")
            lines.append("not looked up: the endpoints of \(names), which are names")
        }
        return lines.map { style.paint($0, .faint) }
    }

    private func section(
        _ title: String, _ results: [(change: Change, outcome: Outcome)], _ wanted: OutcomeClass
    ) -> [String] {
        let matching = results.filter { OutcomeClass($0.outcome) == wanted }
        guard !matching.isEmpty else { return [] }
        let role: TextStyle.Role = wanted == .failed ? .failure : .warning
        let messages = Dictionary(
            matching.map { ($0.change, Self.message(of: $0.outcome)) }, uniquingKeysWith: { first, _ in first })
        return ChangeList(title: title, style: style, limit: limit).lines(matching.map(\.change)) { change in
            (messages[change] ?? nil).map { style.paint(TerminalText.escaped($0), role) }
        }
    }

    static func message(of outcome: Outcome) -> String? {
        switch outcome {
        case .planned, .done: nil
        case .failed(let message, let isTerminal):
            isTerminal ? "\(message) (not tried again until something changes)" : message
        case .notTried(let because): because
        case .held(let because): because
        }
    }

    private func healing() -> [String] {
        guard let healing = report.healing else { return [] }
        return ChangeList(title: "Healed for the last good revision", style: style, limit: limit)
            .lines(zip(healing.plan.changes, healing.outcomes).filter { $0.1 == .done }.map(\.0))
    }

    /// What holds the loop or single objects.
    private func circumstances() -> [String] {
        var lines: [String] = []
        if let suspension = report.suspension {
            let until = suspension.until.map { " until \($0)" } ?? ""
            lines.append(
                style.paint("suspended\(until): \(TerminalText.escaped(suspension.reason))", .warning)
                    + " (revocations run all the same)")
        }
        if let sentence = report.windowSentence {
            lines.append(style.paint(TerminalText.escaped(sentence), .warning))
        }
        if let refusal = report.clockRefusal {
            lines.append("\(style.paint("rail: \(refusal.rail)", .failure)): \(TerminalText.escaped(refusal.message))")
            lines.append("  to approve it: \(applyCommand) --approve \(refusal.digest)")
        }
        for (object, why) in report.flapping.sorted(by: { $0.key < $1.key }) {
            lines.append("\(style.paint("healed again and again", .warning)) \(object): \(TerminalText.escaped(why))")
        }
        for (object, why) in report.unresolved.sorted(by: { $0.key < $1.key }) {
            lines.append("\(style.paint("waiting", .warning)) \(object): \(TerminalText.escaped(why))")
        }
        if let failure = report.storeFailure {
            lines.append(style.paint("the state could not be written: \(TerminalText.escaped(failure))", .failure))
        }
        return lines.isEmpty ? [] : lines + [""]
    }

    private func summary(_ results: [(change: Change, outcome: Outcome)]) -> String {
        if report.isStale {
            return "\(style.paint("stale", .failure)): the plan is now \(report.plan.id), nothing was applied: "
                + "look at it with `wirebuddy plan` and apply that one"
        }
        let counts = OutcomeCounts(results.map(\.outcome))
        let done = PlanSummary(results.filter { $0.outcome == .done }.map(\.change)).done
        var parts: [String] = []
        if let done { parts.append(done) }
        if counts.failed > 0 { parts.append(style.paint("\(Counting.grouped(counts.failed)) failed", .failure)) }
        if counts.notTried > 0 { parts.append("\(Counting.grouped(counts.notTried)) not tried") }
        if counts.held > 0 { parts.append("\(Counting.grouped(counts.held)) left alone") }
        guard !parts.isEmpty else {
            let blocked =
                !report.plan.problems.isEmpty || !report.plan.refusals.isEmpty || report.revisionFailure != nil
            return blocked
                ? style.paint("nothing was changed", .warning) : style.paint("in sync: nothing to change", .good)
        }
        let milliseconds =
            report.durations.total.components.seconds * 1000
            + report.durations.total.components.attoseconds / 1_000_000_000_000_000
        let took = milliseconds < 10_000 ? "\(milliseconds) ms" : "\(milliseconds / 1000) s"
        let isGood = counts.failed + counts.notTried == 0
        let word = isGood ? style.paint("applied", .good) : style.paint("partly applied", .failure)
        return "\(word): \(parts.joined(separator: ", ")) in \(took)"
    }
}
