import Model

/// Judges outcomes by what was read back: success is only what the host shows afterwards.
struct ReadBack {
    /// The plan that a second look gives; nil with the reason when the host could not be read at all.
    let second: Result<Plan, BackendError>
    /// The parts the second look could not read.
    let unreadable: [UnreadablePart]

    /// The outcomes of `changes` after the second look, given what the operations said.
    func judge(_ changes: [Change], _ outcomes: [Outcome]) -> [Outcome] {
        let plan: Plan
        switch second {
        case .success(let value): plan = value
        case .failure(let error):
            return zip(changes, outcomes).map { change, outcome in
                outcome == .done ? lost(change, error.message) : outcome
            }
        }
        let left = Dictionary(plan.changes.lazy.map { (ChangeKey($0), $0) }, uniquingKeysWith: { first, _ in first })
        return zip(changes, outcomes).map { change, outcome in
            if case .held = outcome { return outcome }
            if let reason = unreadableReason(change.object) {
                return outcome == .done ? lost(change, reason) : outcome
            }
            guard let still = left[ChangeKey(change)] else {
                // A peer that was not written, because its interface has a problem, is not in the second plan either.
                if outcome != .done, plan.problems.contains(where: { $0.object.name == change.object.interfaceName }) {
                    return outcome
                }
                return .done
            }
            guard outcome == .done else { return outcome }
            return .failed(message: Self.message(change, still), isTerminal: false)
        }
    }

    private func lost(_ change: Change, _ reason: String) -> Outcome {
        let what = change.isRevocation ? "the revocation" : "the change"
        return .failed(message: "\(what) could not be read back: \(reason)", isTerminal: false)
    }

    private static func message(_ change: Change, _ still: Change) -> String {
        if change.isRevocation, change.action == .delete { return "the peer is still there after it was removed" }
        let fields = still.fields.map { "\($0.field) is \($0.before ?? "absent") instead of \($0.after ?? "absent")" }
        return "read back differently" + (fields.isEmpty ? "" : ": \(fields.joined(separator: "; "))")
    }

    private func unreadableReason(_ object: ObjectID) -> String? {
        unreadable.first { part in
            switch part.part {
            case .links: object.kind != .sysctl && !object.kind.isInFirewall && !object.kind.isProjected
            case .device(let name): object.interfaceName == name
            case .routes: object.kind == .route || object.kind == .rule
            case .firewall: object.kind.isInFirewall
            case .projections: object.kind.isProjected
            }
        }?.reason
    }
}
