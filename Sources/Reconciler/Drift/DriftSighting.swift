import Model

/// Compares the drift that a pass saw with the drift that is known to stand.
struct DriftSighting {
    /// How often it is written down that drift still stands: every 5 minutes.
    static let refresh: Int64 = 300
    /// More drift of one pass than this is not kept: a flushed device with 10,000 peers would push out everything else.
    static let limit = 1000

    let report: PassReport
    let standing: [String: StandingDrift]
    let digest: any Digest
    /// How a pass of this mode heals.
    let healing: DriftRecord.Healing

    /// What is to be written, and the changes whose writers are worth a question.
    func update() -> (update: DriftUpdate, fresh: [Change]) {
        let now = report.startedAt
        var update = DriftUpdate(pass: report.pass, at: now)
        var fresh: [Change] = []
        var present: Set<String> = []
        for (change, outcome) in results where change.reason == .drift {
            let fingerprint = fingerprint(of: change)
            guard present.insert(fingerprint).inserted, present.count <= Self.limit else { continue }
            let known = standing[fingerprint]
            let isHealed = outcome == .done
            let isDue = known.map { now.seconds - $0.lastSeen.seconds >= Self.refresh } ?? true
            guard isHealed || isDue else { continue }
            var record = DriftRecord(change, fingerprint: fingerprint, pass: report.pass, at: now)
            if isHealed { (record.healedAt, record.healing) = (now, healing) }
            if known == nil { fresh.append(change) }
            update.seen.append(record)
        }
        for (fingerprint, drift) in standing where !present.contains(fingerprint) {
            update.gone[fingerprint] = end(of: drift.object)
        }
        return (update, fresh)
    }

    /// What was done, or would be; what healed for the last good revision counts where both planned it.
    private var results: [(change: Change, outcome: Outcome)] {
        (report.healing.map { Array(zip($0.plan.changes, $0.outcomes)) } ?? []) + report.results
    }

    /// How drift ended that the plan does not show any more; nil: that can't be told yet.
    private func end(of object: ObjectID) -> DriftRecord.Healing? {
        let outcomes = results.filter { $0.change.object == object }
        // The object differs as before, but since its document was changed that is no drift any more.
        if outcomes.contains(where: { $0.outcome != .done && $0.change.reason != .drift }) { return nil }
        if outcomes.contains(where: { $0.outcome == .done }) { return healing }
        // What can't be read or planned now is not seen, and that does not mean that it is gone.
        guard report.observed.unreadable.isEmpty, !report.plan.problems.contains(where: { $0.object == object }) else {
            return nil
        }
        return .elsewhere
    }

    /// That of the finding in reports: what the history shows can be acknowledged.
    private func fingerprint(of change: Change) -> String {
        FindingFingerprint.text(
            FindingFingerprint.form(change.findingRule, change.object, identity: change.findingIdentity), digest)
    }
}
