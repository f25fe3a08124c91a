import Model

@testable import Reconciler

/// Reports of passes as the watch of notifications gets them.
enum Reports {
    static let now = Timestamp(seconds: 1_800_000_000)

    static func change(
        _ object: ObjectID, _ reason: Change.Reason = .desiredChanged, fields: [FieldChange] = []
    ) -> Change {
        Change(
            object: object, publicKey: nil, action: .update, reason: reason, fields: fields, impact: .none,
            liveSessions: 0, isReportOnly: false, digest: "\(object)")
    }

    static func peer(_ name: String) -> ObjectID { ObjectID(.peer, "wg0/\(name)") }

    static func pass(
        _ results: [(Change, Outcome)] = [], at seconds: Int64 = 0, _ edit: (inout PassReport) -> Void = { _ in }
    ) -> PassReport {
        let now = now.advanced(bySeconds: seconds)
        let plan = Plan(
            id: "plan", revision: "r1", observedAt: now, changes: results.map(\.0), steps: [], refusals: [],
            problems: [], unmet: [], notes: [])
        var report = PassReport(
            pass: "pass-\(seconds)", trigger: "test", isPreview: false, startedAt: now, plan: plan,
            outcomes: results.map(\.1), remaining: [],
            observed: ObservedState(takenAt: now, host: HostIdentity(bootID: "b", namespace: 1)))
        report.inForce = "r1"
        edit(&report)
        return report
    }
}
