import Model

/// Documents that the firewall enforces. What they became in its table is planned there; here people read which documents
/// changed, and who of those that are connected loses something.
extension PlanBuilder {
    mutating func planPolicies() {
        notes += TakenPorts(input).notes
        let wanted = input.desired.policies.records
        let applied = input.inventory.applied.filter { $0.key.kind == .access || $0.key.kind == .forward }
        if wanted == applied || isUnreadable(.firewall) { return }
        let losses = AccessLosses(input)
        var records: [ObjectID: String?] = [:]
        var touched: [Int] = []
        for object in Set(wanted.keys).union(applied.keys).sorted() where wanted[object] != applied[object] {
            let after = wanted[object].map { PolicyRecord($0) }
            let before = applied[object].map { PolicyRecord($0) }
            let fields = (after ?? PolicyRecord("")).changes(from: before ?? PolicyRecord(""))
            let action: Change.Action = before == nil ? .create : after == nil ? .delete : .update
            let losing = object.kind == .access ? losses?.count(object.name) ?? 0 : 0
            touched.append(
                add(
                    object, action, action == .delete ? .prune : .desiredChanged, fields: fields,
                    impact: losing > 0 ? .sessionLoss : .none, liveSessions: losing))
            records.updateValue(wanted[object], forKey: object)
        }
        notes += losses?.notes ?? []
        step(.dns, .recordPolicies(records), changes: touched, requires: [.firewall])
    }
}
