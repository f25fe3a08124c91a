import Model

/// Turns what a pass saw into events. What stands unchanged from pass to pass is told once.
struct StandingEvents {
    private struct Notice: Hashable {
        let kind: Event.Kind
        let object: ObjectID?
        let message: String
    }

    private var told: Set<Notice> = []
    private var revision: String?

    /// Takes a revision as told before.
    mutating func know(_ revision: String?) { self.revision = self.revision ?? revision }

    /// More changes of one pass than this are summed up.
    static let limit = 100

    /// The events of a pass.
    mutating func events(_ report: PassReport, pass: String, at now: Timestamp) -> [Event] {
        var events: [Event] = []
        if let id = report.revision?.id, id != revision {
            revision = id
            events.append(Event(at: now, pass: pass, kind: .revision, object: nil, message: "revision \(id)"))
        }
        let healing = report.healing.map { Array(zip($0.plan.changes, $0.outcomes)) } ?? []
        let done = (report.results + healing).filter { $0.1 == .done }
        for (change, _) in done.prefix(Self.limit) {
            let kind: Event.Kind =
                change.isRevocation ? .revocation : change.reason == .drift ? .healed : .applied
            events.append(
                Event(
                    at: now, pass: pass, kind: kind, object: change.object, peer: change.peerID,
                    message: Self.describe(change)))
        }
        if done.count > Self.limit {
            events.append(
                Event(
                    at: now, pass: pass, kind: .applied, object: nil,
                    message: "and \(done.count - Self.limit) more changes"))
        }
        let notices = Self.notices(report, healing)
        for notice in notices.prefix(Self.limit) where !told.contains(notice) {
            events.append(Event(at: now, pass: pass, kind: notice.kind, object: notice.object, message: notice.message))
        }
        told = Set(notices)
        return events
    }

    private static func notices(_ report: PassReport, _ healing: [(Change, Outcome)]) -> [Notice] {
        var notices: [Notice] = []
        switch report.revisionFailure {
        case .unreadable(let message): notices.append(Notice(kind: .failure, object: nil, message: message))
        case .invalid(let revision, let problems):
            let text = problems.prefix(20).joined(separator: "\n")
            notices.append(Notice(kind: .failure, object: nil, message: "revision \(revision) is invalid: \(text)"))
        case nil: break
        }
        if report.isHeldByWindow, let window = report.window, let head = report.revision?.id {
            notices.append(
                Notice(kind: .controller, object: nil, message: "revision \(head) is not applied, \(window.reason)"))
        }
        for refusal in report.plan.refusals + [report.clockRefusal].compactMap(\.self) {
            notices.append(Notice(kind: .rail, object: nil, message: "\(refusal.rail): \(refusal.message)"))
        }
        for problem in report.plan.problems {
            notices.append(Notice(kind: .failure, object: problem.object, message: problem.message))
        }
        for (object, failure) in report.failing.sorted(by: { $0.key < $1.key }) {
            notices.append(Notice(kind: .failure, object: object, message: failure.message))
        }
        for (object, message) in report.flapping.sorted(by: { $0.key < $1.key }) {
            notices.append(Notice(kind: .failure, object: object, message: message))
        }
        for (change, outcome) in report.results + healing {
            if case .held = outcome, change.isReportOnly {
                notices.append(Notice(kind: .drift, object: change.object, message: describe(change)))
            }
        }
        return notices
    }

    private static func describe(_ change: Change) -> String {
        let fields = change.fields.prefix(6).map { "\($0.field) \($0.before ?? "none") -> \($0.after ?? "none")" }
        let text = "\(change.action.rawValue) (\(change.reason.rawValue))"
        return fields.isEmpty ? text : "\(text): \(fields.joined(separator: "; "))"
    }
}
