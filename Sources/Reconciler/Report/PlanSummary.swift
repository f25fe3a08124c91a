import Model

/// The numbers of a plan.
public struct PlanSummary: Sendable, Hashable {
    /// Objects that come into being.
    public var create = 0
    /// Objects that change.
    public var update = 0
    /// Objects that go.
    public var delete = 0
    /// Foreign objects that are taken over.
    public var adopt = 0
    /// Changes that are drift; counted in the numbers above too.
    public var drift = 0
    /// Changes that are revocations; counted in the numbers above too.
    public var revocations = 0
    /// Live sessions that the changes touch.
    public var liveSessions = 0
    /// The worst impact.
    public var impact = Change.Impact.none

    /// The numbers of some changes.
    public init(_ changes: some Sequence<Change>) {
        // A change of an interface and those of its peers touch the same sessions: they count once.
        var whole: [Substring: Int] = [:]
        var single: [Substring: Int] = [:]
        for change in changes {
            switch change.action {
            case .create: create += 1
            case .update: update += 1
            case .delete: delete += 1
            case .adopt: adopt += 1
            }
            if change.reason == .drift { drift += 1 }
            if change.isRevocation { revocations += 1 }
            impact = max(impact, change.impact)
            guard change.impact != .none, change.liveSessions > 0 else { continue }
            let interface = change.object.name.prefix { $0 != "/" }
            if change.object.kind == .peer {
                single[interface, default: 0] += change.liveSessions
            } else {
                whole[interface] = max(whole[interface] ?? 0, change.liveSessions)
            }
        }
        liveSessions = Set(whole.keys).union(single.keys).reduce(0) { sum, interface in
            sum + max(whole[interface] ?? 0, single[interface] ?? 0)
        }
    }

    /// `2 created, 1 deleted`, or nil when there is nothing.
    var done: String? {
        let counts = [(create, "created"), (update, "changed"), (delete, "deleted"), (adopt, "adopted")]
            .filter { $0.0 > 0 }.map { "\(Counting.grouped($0.0)) \($0.1)" }
        return counts.isEmpty ? nil : counts.joined(separator: ", ")
    }

    /// `2 to create, 1 to delete; 3 live sessions, at worst session-loss`, or nil when there is nothing.
    func text(countsDrift: Bool = true) -> String? {
        let counts = [(create, "create"), (update, "change"), (delete, "delete"), (adopt, "adopt")]
            .filter { $0.0 > 0 }.map { "\(Counting.grouped($0.0)) to \($0.1)" }
        guard !counts.isEmpty else { return nil }
        var text = counts.joined(separator: ", ")
        let remarks =
            (revocations > 0 ? [Counting.counted(revocations, "revocation")] : [])
            + (countsDrift && drift > 0 ? ["\(Counting.grouped(drift)) drift"] : [])
        if !remarks.isEmpty { text += " (\(remarks.joined(separator: ", ")))" }
        if liveSessions > 0 {
            text += "; \(Counting.counted(liveSessions, "live session")) touched"
        }
        if impact != .none { text += ", at worst \(impact.rawValue)" }
        return text
    }

    var json: JSONValue {
        .object([
            ("create", .number(create)), ("update", .number(update)), ("delete", .number(delete)),
            ("adopt", .number(adopt)), ("drift", .number(drift)), ("revocations", .number(revocations)),
            ("live_sessions", .number(liveSessions)), ("impact", .string(impact.rawValue)),
        ])
    }
}
