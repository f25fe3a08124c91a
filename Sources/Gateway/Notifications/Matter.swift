import Credentials
import Model
import Reconciler

/// Something that a pass found and that people may want to know.
struct Matter: Sendable, Equatable {
    var kind: NotificationKind
    var fingerprint: String
    var object: ObjectID?
    /// What happened, in a line.
    var message: String
    var details: [String] = []
    /// What several of them have in common.
    var topic: String
    /// Whether it is still so after the pass.
    var lasts = true

    /// - Parameter key: what tells it from other matters of its kind; no text that changes from pass to pass.
    private init(
        _ kind: NotificationKind, key: [String], _ object: ObjectID?, _ message: String, details: [String] = [],
        topic: String = ""
    ) {
        self.kind = kind
        fingerprint = Self.fingerprint(kind, key)
        self.object = object
        let lines = message.split(separator: "\n", omittingEmptySubsequences: true).map(String.init)
        self.message = lines.first ?? message
        self.details = Array((details + lines.dropFirst()).prefix(20))
        self.topic = topic
    }

    /// Where it stands among those of its kind.
    var order: String { (object?.description ?? "") + "\u{0}" + fingerprint }

    static func fingerprint(_ kind: NotificationKind, _ key: [String]) -> String {
        BLAKE2b256().digest(JSONValue.array(([kind.rawValue] + key).map(JSONValue.string)).compactBytes()).short
    }

    /// Everything that a pass found.
    static func all(in report: PassReport) -> [Matter] {
        let healing = report.healing.map { Array(zip($0.plan.changes, $0.outcomes)) } ?? []
        let results = report.results.map { ($0.change, $0.outcome) } + healing
        let remaining = report.remaining + (report.healing?.remaining ?? [])
        let lost = revocations(results, remaining)
        return drift(results) + lost + failures(report, results, without: Set(lost.compactMap(\.object)))
            + revision(report)
    }

    private static func drift(_ results: [(Change, Outcome)]) -> [Matter] {
        results.filter { $0.0.reason == .drift }.map { change, outcome in
            let fields = change.fields.prefix(6).map {
                "\($0.field) is \($0.before ?? "absent") instead of \($0.after ?? "absent")"
            }
            let what = fields.isEmpty ? "\(change.action.rawValue) is needed" : fields.joined(separator: "; ")
            var matter = Matter(
                .drift, key: ["\(change.object)", change.action.rawValue] + change.fields.map(\.field), change.object,
                "\(change.object) differs from what was applied: \(what)",
                topic: "they differ from what was applied")
            matter.lasts = outcome != .done
            return matter
        }
    }

    /// Access that was taken away, and is there all the same.
    private static func revocations(_ results: [(Change, Outcome)], _ remaining: [Change]) -> [Matter] {
        var why: [ObjectID: String] = [:]
        for (change, outcome) in results where change.isRevocation {
            switch outcome {
            case .done, .planned: continue
            case .failed(let message, _): why[change.object] = message
            case .notTried(let because), .held(let because): why[change.object] = because
            }
        }
        for change in remaining where change.isRevocation && why[change.object] == nil {
            why[change.object] = "it was still there when the host was read again"
        }
        return why.map { object, why in
            Matter(
                .revocationFailed, key: ["\(object)"], object,
                "\(object) was revoked and still has access: \(why)", topic: "they were revoked and still have access")
        }
    }

    private static func failures(
        _ report: PassReport, _ results: [(Change, Outcome)], without known: Set<ObjectID>
    ) -> [Matter] {
        var why: [ObjectID: String] = report.failing.mapValues(\.message)
        for (change, outcome) in results {
            if case .failed(let message, _) = outcome { why[change.object] = message }
        }
        for problem in report.plan.problems where why[problem.object] == nil { why[problem.object] = problem.message }
        for (object, message) in report.flapping where why[object] == nil { why[object] = message }
        let failures = why.filter { !known.contains($0.key) }.map { object, why in
            Matter(
                .passFailed, key: ["\(object)"], object, "\(object): \(why)", topic: "they could not be brought about")
        }
        return failures
            + (report.storeFailure.map { [Matter(.passFailed, key: ["store"], nil, $0)] } ?? [])
            + (report.clockRefusal.map { [Matter(.passFailed, key: ["clock"], nil, "\($0.rail): \($0.message)")] } ?? [])
    }

    /// The problems without warnings, which are not why the revision can't be used.
    private static func errors(_ problems: [String]) -> [String] {
        let errors = problems.filter { !$0.contains(": warning[") }
        return errors.isEmpty ? problems : errors
    }

    /// A head that is not used.
    private static func revision(_ report: PassReport) -> [Matter] {
        var matters: [Matter] = []
        switch report.revisionFailure {
        case .unreadable(let message): matters.append(Matter(.revisionFailed, key: ["unreadable"], nil, message))
        case .invalid(let id, let problems):
            matters.append(
                Matter(
                    .revisionFailed, key: ["invalid", id], nil, "revision \(id.prefix(12)) is not valid",
                    details: errors(problems)))
        case nil: break
        }
        let id = report.revision?.id ?? ""
        for refusal in report.plan.refusals {
            matters.append(
                Matter(
                    .revisionFailed, key: ["refused", id, refusal.rail], nil,
                    "revision \(id.prefix(12)) was refused: \(refusal.rail): \(refusal.message)"))
        }
        if case .diverged(let message)? = report.revision?.obstacle {
            matters.append(Matter(.revisionFailed, key: ["diverged"], nil, message))
        }
        return matters
    }
}
