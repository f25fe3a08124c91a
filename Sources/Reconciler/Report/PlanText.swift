/// A plan as text for people: revocations first, then what the repository changed, then what the host changed.
public struct PlanText: Sendable {
    /// The plan.
    public var plan: Plan
    /// The colours.
    public var style: TextStyle
    /// How many objects of one kind and action are shown before the rest is only counted; nil = all.
    public var limit: Int?
    /// The command and options that apply the plan: `wirebuddy apply --config …`; rails and consents add to it.
    public var applyCommand: String

    /// A rendering. The default limit keeps a first plan of a large gateway readable.
    public init(
        _ plan: Plan, style: TextStyle = .plain, limit: Int? = 20, applyCommand: String = "wirebuddy apply"
    ) {
        self.plan = plan
        self.style = style
        self.limit = limit
        self.applyCommand = applyCommand
    }

    /// The text, with a final line break.
    public func render() -> String {
        var lines: [String] = []
        let revocations = plan.changes.filter(\.isRevocation)
        let drift = plan.changes.filter { $0.reason == .drift }
        let changes = plan.changes.filter { !$0.isRevocation && $0.reason != .drift }
        lines += section("Revocations", revocations)
        lines += section("Changes", changes)
        lines += section("Drift: the host differs from what was applied", drift)
        lines += remarks()
        lines.append(summary())
        return lines.joined(separator: "\n") + "\n"
    }

    /// Only the drift, for `wirebuddy drift`. `remark` adds a line to a change.
    public func renderDrift(remark: (Change) -> String? = { _ in nil }) -> String {
        var lines: [String] = []
        let drift = plan.changes.filter { $0.reason == .drift }
        lines += ChangeList(title: "Drift: the host differs from what was applied", style: style, limit: limit)
            .lines(drift, remark: remark)
        lines += problems() + notes()
        lines.append(
            drift.isEmpty
                ? style.paint("no drift: the host is as it was applied", .good)
                : "\(style.paint("drift", .warning)): \(PlanSummary(drift).text(countsDrift: false) ?? "none")")
        return lines.joined(separator: "\n") + "\n"
    }

    private func section(_ title: String, _ changes: [Change]) -> [String] {
        ChangeList(title: title, style: style, limit: limit).lines(changes)
    }

    /// What could not be planned, what is refused and what deserves a look.
    func remarks() -> [String] { problems() + refusals() + notes() }

    private func problems() -> [String] {
        guard !plan.problems.isEmpty else { return [] }
        let lines = plan.problems.map { problem in
            let object = TerminalText.escaped(problem.object.description)
            let message = TerminalText.escaped(problem.message)
            switch problem.kind {
            case .error: return "  \(style.paint("error", .failure)) \(object): \(message)"
            case .consent: return "  \(style.paint("!", .adopt)) \(object): \(message)"
            }
        }
        return [style.paint("Not planned", .heading)] + lines + [""]
    }

    private func refusals() -> [String] {
        guard !plan.refusals.isEmpty else { return [] }
        var lines = [style.paint("Refused", .heading)]
        for refusal in plan.refusals {
            lines.append(
                "  \(style.paint("rail: \(refusal.rail)", .failure)): \(TerminalText.escaped(refusal.message))")
            lines.append("    to approve it: \(applyCommand) --approve \(refusal.digest)")
        }
        return lines + [""]
    }

    private func notes() -> [String] {
        guard !plan.notes.isEmpty else { return [] }
        let limit = limit ?? plan.notes.count
        var lines = plan.notes.prefix(limit).map {
            "  \(TerminalText.escaped($0.object.description)): \(TerminalText.escaped($0.message))"
        }
        if plan.notes.count > limit {
            lines.append(
                "  " + style.paint("… and \(Counting.counted(plan.notes.count - limit, "more note"))", .faint))
        }
        return [style.paint("Notes", .heading)] + lines + [""]
    }

    private func summary() -> String {
        guard let text = PlanSummary(plan.changes).text() else {
            let blocked = !plan.problems.isEmpty || !plan.refusals.isEmpty
            return blocked
                ? "\(style.paint("plan", .warning)) \(plan.id): nothing can be changed now"
                : style.paint("in sync: nothing to change", .good)
        }
        return "\(style.paint("plan", .heading)) \(plan.id): \(text)"
    }
}
