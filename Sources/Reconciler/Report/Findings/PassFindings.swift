public import Model

/// The findings of a pass or a preview: of the whole plan, or of what is drift.
public struct PassFindings: Sendable {
    /// What a report is about.
    public enum View: String, Sendable, Hashable {
        /// Everything that apply would do.
        case plan
        /// What on the host differs from what was applied.
        case drift
    }

    private let report: PassReport
    private let view: View
    private var list: FindingList

    /// The findings of a report.
    ///
    /// - Parameter prefix: as ``FindingList`` has it.
    public init(_ report: PassReport, _ view: View, digest: any Digest, prefix: String = "") {
        self.report = report
        self.view = view
        list = FindingList(
            digest: digest, acknowledgements: report.acknowledgements, now: report.startedAt, prefix: prefix)
        addHead()
        for refusal in view == .plan ? report.plan.refusals : [] { add(refusal) }
        if let refusal = report.clockRefusal { add(refusal) }
        addProblems()
        for change in view == .plan ? report.plan.changes : report.plan.drift { add(change) }
        for note in report.plan.notes {
            list.add("plan/note", .note, object: note.object, message: note.message, location: place(of: note.object))
        }
    }

    /// The findings, in the order of the report.
    public var findings: [Finding] { list.findings }

    /// How a command ends that shows them. Acknowledged drift is left out of `drift`; `plan` says what apply would do, and
    /// that heals it all the same.
    public var exitCode: ExitCode {
        guard view == .drift else { return report.exitCode }
        var drift = report
        let known = Set(findings.filter { $0.acknowledgement != nil }.compactMap(\.change))
        drift.plan.changes = report.plan.drift.filter { !known.contains($0) }
        drift.plan.refusals = []
        return drift.exitCode
    }

    private mutating func addHead() {
        switch report.revisionFailure {
        case .unreadable(let why): list.add("problem/unreadable-repository", .error, message: why)
        case .invalid(_, let problems): for problem in problems { list.add(DeclaredProblem(rendered: problem)) }
        case nil: for warning in report.revision?.warnings ?? [] { list.add(DeclaredProblem(rendered: warning)) }
        }
        if let failure = report.storeFailure { list.add("problem/state-not-written", .error, message: failure) }
        if report.isStale {
            list.add(
                "problem/stale-plan", .error, message: "the plan is another one than was reviewed", identity: [])
        }
    }

    private mutating func add(_ refusal: RailRefusal) {
        let objects = refusal.changes.filter(report.plan.changes.indices.contains).map {
            report.plan.changes[$0].object
        }
        list.add(
            "rail/\(refusal.rail)", .error, object: objects.count == 1 ? objects.first : nil, message: refusal.message,
            suggestion: "approve exactly this with the digest \(refusal.digest)",
            location: objects.compactMap(place).first, identity: [refusal.digest])
    }

    private mutating func addProblems() {
        for problem in report.plan.problems {
            list.add(
                problem.kind == .error ? "problem/not-planned" : "problem/consent", .error, object: problem.object,
                message: problem.message, location: place(of: problem.object))
        }
        for (rule, reasons) in [
            ("problem/healed-again-and-again", report.flapping), ("problem/unresolved-endpoint", report.unresolved),
        ] {
            for (object, why) in reasons.sorted(by: { $0.key < $1.key }) {
                list.add(rule, .warning, object: object, message: why, location: place(of: object), identity: [])
            }
        }
    }

    private mutating func add(_ change: Change) {
        let isDrift = change.reason == .drift
        let isHarmless = change.action != .delete && change.impact < .sessionLoss
        list.add(
            change.findingRule, isDrift || !isHarmless ? .warning : .note, object: change.object,
            message: ChangeSentence(change).text, location: place(of: change.object), change: change,
            identity: change.findingIdentity, canBeAcknowledged: isDrift)
    }

    private func place(of object: ObjectID) -> SourceLocation? { report.locations[object] }
}

extension PassReport {
    /// The objects that a report about this preview speaks of.
    var subjects: Set<ObjectID> {
        var objects = Set(plan.changes.map(\.object))
        objects.formUnion(plan.problems.map(\.object))
        objects.formUnion(plan.notes.map(\.object))
        return objects.union(flapping.keys).union(unresolved.keys)
    }
}
