/// The last objects of a kind left the configuration: an accident more often than an intent.
struct EmptyKindRail: Rail {
    let kind: ObjectID.Kind
    let name = "empty-kind"

    func refusal(of changes: [Change], _ context: RailContext) -> RailRefusal? {
        guard context.declared(kind) == 0 else { return nil }
        let deletes = context.unapproved(changes) { $0.isAbsence(of: kind) }
        return context.refusal(
            self, of: deletes, in: changes,
            "all \(deletes.count) \(kind.noun(2)) left the configuration and would be removed")
    }
}

extension RailContext {
    /// How many objects of a counted kind are declared, those that are disabled too.
    func declared(_ kind: ObjectID.Kind) -> Int {
        switch kind {
        case .peer: input.desired.interfaces.reduce(0) { $0 + $1.peers.count } + input.desired.revoked.count
        default: input.desired.projections?.users.count ?? 0
        }
    }
}

extension Change {
    /// Whether it deletes an object because its document is merely absent.
    func isAbsence(of kind: ObjectID.Kind) -> Bool {
        object.kind == kind && action == .delete && reason == .prune
    }
}
