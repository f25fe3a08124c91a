import Model
public import Reconciler

/// Turns reports of passes into messages: what begins and what is over is told once, what stands is not told again.
/// What was told is known as long as the process lives.
public struct NotificationWatch: Sendable {
    private struct Standing {
        var matter: Matter
        var since: Timestamp
    }

    private var standing: [String: Standing] = [:]

    /// More matters of a kind than this in one pass are one message.
    public static let limit = 10
    /// More of them are not named.
    private static let named = 20

    /// Nothing was told yet.
    public init() {}

    /// What a pass has to tell, in a fixed order.
    public mutating func messages(_ report: PassReport) -> [NotificationMessage] {
        guard !report.isPreview, !report.isTeardown else { return [] }
        let matters = Matter.all(in: report)
        let present = Dictionary(matters.map { ($0.fingerprint, $0) }, uniquingKeysWith: { first, _ in first })
        var messages: [NotificationMessage] = []
        for kind in NotificationKind.allCases {
            let over = standing.values.filter {
                $0.matter.kind == kind && present[$0.matter.fingerprint]?.lasts != true
            }
            let begun = present.values.filter { $0.kind == kind && standing[$0.fingerprint] == nil }
            messages += Self.messages(over.map { ($0.matter, $0.since) }, .resolved, report)
            messages += Self.messages(begun.filter(\.lasts).map { ($0, report.startedAt) }, .found, report)
            let healed = present.values.filter { $0.kind == kind && !$0.lasts && standing[$0.fingerprint] == nil }
            messages += Self.messages(healed.map { ($0, report.startedAt) }, .healed, report)
        }
        standing = present.filter(\.value.lasts).mapValues { matter in
            Standing(matter: matter, since: standing[matter.fingerprint]?.since ?? report.startedAt)
        }
        return messages
    }

    private static func messages(
        _ matters: [(matter: Matter, since: Timestamp)], _ state: NotificationMessage.State, _ report: PassReport
    ) -> [NotificationMessage] {
        let matters = matters.sorted { $0.matter.order < $1.matter.order }
        guard let first = matters.first else { return [] }
        let message = { (fingerprint: String, object: ObjectID?, text: String, details: [String], since: Timestamp) in
            NotificationMessage(
                kind: first.matter.kind, state: state, fingerprint: fingerprint, object: object,
                message: state == .resolved ? "over: \(text)" : text, details: details, since: since,
                at: report.startedAt, pass: report.pass, revision: report.inForce)
        }
        guard matters.count > limit else {
            return matters.map { matter, since in
                message(matter.fingerprint, matter.object, matter.message, matter.details, since)
            }
        }
        let fingerprint = Matter.fingerprint(first.matter.kind, matters.map(\.matter.fingerprint).sorted())
        let names = matters.prefix(named).map(\.matter.message)
        let more = matters.count > named ? ["and \(matters.count - named) more"] : []
        let since = matters.map(\.since).min() ?? report.startedAt
        return [
            message(fingerprint, nil, "\(matters.count) objects: \(first.matter.topic)", Array(names) + more, since)
        ]
    }
}
