import Model

/// Members of the firewall's sets.
extension PlanBuilder {
    mutating func planElements(_ wanted: FirewallElements, _ observed: FirewallElements) {
        var added: FirewallElements = [:]
        var replaced: FirewallElements = [:]
        var removed: FirewallElements = [:]
        var addedChanges: [Int] = []
        var removedChanges: [Int] = []
        for set in Set(wanted.keys).union(observed.keys).sorted() {
            let (want, have) = (wanted[set] ?? [], observed[set] ?? [])
            if want == have { continue }
            let new = want.subtracting(have)
            let old = have.subtracting(want)
            let makeWay = Self.givingWay(old, new, in: set)
            for member in new.sorted() {
                added[set, default: []].insert(member)
                let object = ObjectID(set, member)
                addedChanges.append(add(object, .create, reason(object, digest: "member"), isReportOnly: isReportOnly))
            }
            for member in old.sorted() {
                let object = ObjectID(set, member)
                let reason: Change.Reason = input.inventory.applied[object] == nil ? .drift : .prune
                let change = add(object, .delete, reason, isReportOnly: isReportOnly)
                if makeWay.contains(member) {
                    replaced[set, default: []].insert(member)
                    addedChanges.append(change)
                } else {
                    removed[set, default: []].insert(member)
                    removedChanges.append(change)
                }
            }
        }
        if !added.isEmpty || !replaced.isEmpty {
            step(
                .firewall, .changeFirewallElements(add: added, remove: replaced), changes: addedChanges,
                provides: .firewall)
        }
        if !removed.isEmpty {
            step(.prunes, .changeFirewallElements(add: [:], remove: removed), changes: removedChanges)
        }
    }

    /// The old members that go at once, in the transaction that brings the new ones: those in whose place something new
    /// comes, and what documents named, which are applied as a whole.
    private static func givingWay(
        _ old: Set<FirewallMember>, _ new: Set<FirewallMember>, in set: FirewallSet
    ) -> Set<FirewallMember> {
        if case .access = set { return old }
        if set.holdsNetworks { return overlapping(old, new) }
        guard set.namesClasses else { return [] }
        let keys = Set(new.lazy.map(\.key))
        return old.filter { keys.contains($0.key) }
    }

    /// The old networks that share addresses with a new one. They go in the transaction that brings it: before it the
    /// kernel would refuse the new one, and without it their addresses would be in no network for a while.
    private static func overlapping(
        _ old: Set<FirewallMember>, _ new: Set<FirewallMember>
    ) -> Set<FirewallMember> {
        if old.isEmpty || new.isEmpty { return [] }
        let byKey = Dictionary(old.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        let new = Set(new.lazy.map(\.key))
        var found = old.filter { member in around(member).contains { new.contains($0) } }
        for member in new { for wider in around(member) { if let member = byKey[wider] { found.insert(member) } } }
        return found
    }

    /// All networks that a network lies in, in sets of the same interface.
    private static func around(_ member: FirewallMember) -> some Sequence<FirewallMember> {
        (0...member.prefix.length).lazy.map { length in
            FirewallMember(Prefix(member.prefix.address, length: length), on: member.interface)
        }
    }
}
