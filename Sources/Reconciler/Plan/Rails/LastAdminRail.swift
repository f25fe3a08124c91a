import Model

/// No enabled admin would be left among the users, while there is one: nobody could change anything by the API any more.
struct LastAdminRail: Rail {
    let name = "last-admin"

    func refusal(of changes: [Change], _ context: RailContext) -> RailRefusal? {
        guard changes.contains(where: { $0.object.kind == .user }), let wanted = context.input.desired.projections,
            !wanted.users.contains(where: { $0.row.isEnabledAdmin })
        else { return nil }
        let admins = Set(context.input.observed.projections.users.lazy.filter(\.isEnabledAdmin).map(\.username))
        let lost = context.unapproved(changes) { change in
            guard change.object.kind == .user, !change.isRevocation, change.reason != .drift else { return false }
            return admins.contains(change.object.name)
                || change.fields.contains { $0.field == "username" && $0.before.map(admins.contains) ?? false }
        }
        let names = lost.map { changes[$0].object.name }.joined(separator: ", ")
        return context.refusal(
            self, of: lost, in: changes, "\(names) would be an admin no more, and no enabled admin would be left")
    }
}

extension ProjectedUser {
    /// Whether the user may change everything.
    fileprivate var isEnabledAdmin: Bool { enabled && role == .admin }
}
