import Model

/// Our rules in chains of other firewall programs. They let pass what our own table decides on, so they come after it and
/// go before it.
extension PlanBuilder {
    /// Plans the rules that are missing. To be called after ``planFirewall()``.
    mutating func planForeignRules() {
        // What could not be read is neither missing nor too much; ``planFirewall()`` says so.
        guard !isUnreadable(.firewall) else { return }
        let new = Set(input.desired.foreignRules).subtracting(input.observed.foreignRules).sorted()
        guard !new.isEmpty else { return }
        let changes = new.map { rule in
            let object = ObjectID(rule)
            return add(object, .create, reason(object, digest: "rule"), isReportOnly: isReportOnly)
        }
        step(.firewall, .changeForeignRules(add: new, remove: []), changes: changes, requires: [.firewall])
    }

    /// Plans the end of the rules that nobody wants any more. To be called before ``planFirewall()``.
    mutating func planForeignPrunes() {
        guard !isUnreadable(.firewall) else { return }
        let old = input.observed.foreignRules.subtracting(input.desired.foreignRules).sorted()
        guard !old.isEmpty else { return }
        let changes = old.map { rule in
            let object = ObjectID(rule)
            let reason: Change.Reason = input.inventory.applied[object] == nil ? .drift : .prune
            return add(object, .delete, reason, isReportOnly: isReportOnly)
        }
        step(.prunes, .changeForeignRules(add: [], remove: old), changes: changes)
    }
}
