import Model

/// Our rules in chains of other firewall programs.
extension PlanBuilder {
    mutating func planForeignRules() {
        // What could not be read is neither missing nor too much; ``planFirewall()`` says so.
        guard !isUnreadable(.firewall) else { return }
        let want = Set(input.desired.foreignRules)
        let have = input.observed.foreignRules
        let new = want.subtracting(have).sorted()
        let old = have.subtracting(want).sorted()
        if !new.isEmpty {
            let changes = new.map { rule in
                let object = ObjectID(rule)
                return add(object, .create, reason(object, digest: "rule"), isReportOnly: isReportOnly)
            }
            step(.firewall, .changeForeignRules(add: new, remove: []), changes: changes)
        }
        if !old.isEmpty {
            let changes = old.map { rule in
                let object = ObjectID(rule)
                let reason: Change.Reason = input.inventory.applied[object] == nil ? .drift : .prune
                return add(object, .delete, reason, isReportOnly: isReportOnly)
            }
            step(.prunes, .changeForeignRules(add: [], remove: old), changes: changes)
        }
    }
}
