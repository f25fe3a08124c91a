import Model

@testable import Reconciler

extension PassReport {
    /// What a pass would say that found these changes.
    static func sample(
        trigger: String = "event", at seconds: Int64 = 1_800_000_000, _ results: [(Change, Outcome)] = [],
        observed: ObservedState? = nil
    ) -> PassReport {
        let time = Timestamp(seconds: seconds)
        let plan = Plan(
            id: "p", revision: "r1", observedAt: time, changes: results.map(\.0), steps: [], refusals: [], problems: [],
            unmet: [], notes: [])
        return PassReport(
            pass: "1", trigger: trigger, isPreview: false, startedAt: time, inForce: "r1", plan: plan,
            outcomes: results.map(\.1), remaining: [],
            observed: observed ?? ObservedState(takenAt: time, host: HostIdentity(bootID: "b", namespace: 1)))
    }
}

extension Change {
    static func sample(_ kind: ObjectID.Kind, _ action: Action, _ reason: Reason = .desiredChanged) -> Change {
        Change(
            object: ObjectID(kind, "x"), publicKey: nil, peerID: nil, action: action, reason: reason, fields: [],
            impact: .none, liveSessions: 0, isReportOnly: false, digest: "d")
    }
}
