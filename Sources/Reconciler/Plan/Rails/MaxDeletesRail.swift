import Model

/// More objects of a kind left the configuration at once than the limits by number and share allow.
struct MaxDeletesRail: Rail {
    let kind: ObjectID.Kind
    let name = "max-deletes"

    func refusal(of changes: [Change], _ context: RailContext) -> RailRefusal? {
        let deletes = context.unapproved(changes) { $0.isAbsence(of: kind) }
        // None left at all: ``EmptyKindRail`` says so.
        guard !deletes.isEmpty, context.declared(kind) > 0 else { return nil }
        let before = context.input.inventory.applied.keys.lazy.filter { $0.kind == kind }.count
        let (number, percent) = (context.input.limits.maxDeletes, context.input.limits.maxDeletesPercent)
        guard before >= Rails.smallKind, deletes.count > number || deletes.count * 100 > before * percent else {
            return nil
        }
        return context.refusal(
            self, of: deletes, in: changes,
            "\(deletes.count) of \(before) \(kind.noun(2)) left the configuration and would be removed;"
                + " the limits are \(number) and \(percent) %")
    }
}
