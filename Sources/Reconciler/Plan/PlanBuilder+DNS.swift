import Model

/// What the database holds of the DNS forwarder's policy: its settings, lists and rules. All that differs is one step.
extension PlanBuilder {
    mutating func planDNS(_ wanted: DesiredDNS, _ isReportOnly: Bool) {
        let rows = input.observed.projections.dns
        if wanted.rows == rows { return }
        var draft = DNSDraft(isReportOnly: isReportOnly)
        planForwarder(wanted, rows.settings, &draft)
        if wanted.rows.blocklists != rows.blocklists { planBlocklists(wanted, rows.blocklists, &draft) }
        if wanted.rows.rules != rows.rules { planRules(wanted, rows.rules, &draft) }
        step(.dns, .projectDNS(draft.difference), changes: draft.changes)
    }

    private mutating func planForwarder(_ wanted: DesiredDNS, _ before: [String: String], _ draft: inout DNSDraft) {
        let after = wanted.rows.settings
        if before == after { return }
        let action: Change.Action = before.isEmpty ? .create : after.isEmpty ? .delete : .update
        // A new forwarder is told by what sets it apart from the default one.
        let (old, new) =
            switch action {
            case .create: (ProjectedDNSSettings.defaults, after)
            case .delete: (before, ProjectedDNSSettings.defaults)
            default: (before, after)
            }
        let fields = Set(old.keys).union(new.keys).sorted().filter { old[$0] != new[$0] }
            .map { FieldChange($0, before: before[$0], after: after[$0]) }
        draft.difference.settings = after
        draft.changes.append(change(.dnsForwarder, action, digest: wanted.settingsDigest, fields, draft))
    }

    private mutating func planBlocklists(
        _ wanted: DesiredDNS, _ rows: [ProjectedBlocklist], _ draft: inout DNSDraft
    ) {
        var left = Dictionary(rows.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for (row, digest) in zip(wanted.rows.blocklists, wanted.blocklistDigests) {
            let before = left.removeValue(forKey: row.name)
            if before == row { continue }
            draft.difference.writtenBlocklists.append(row)
            let fields = BlocklistFields.compare(before, row)
            let action: Change.Action = before == nil ? .create : .update
            draft.changes.append(change(ObjectID(.blocklist, row.name), action, digest: digest, fields, draft))
        }
        for row in left.values.sorted(by: ProjectedBlocklist.order) {
            draft.difference.removedBlocklists.append(row.name)
            let object = ObjectID(.blocklist, row.name)
            draft.changes.append(
                change(object, .delete, digest: "", BlocklistFields.compare(row, nil), draft))
        }
    }

    private mutating func planRules(_ wanted: DesiredDNS, _ rows: [ProjectedDNSRule], _ draft: inout DNSDraft) {
        let pairs = DNSRulePairs(wanted.rows.rules, rows)
        var left = pairs.left
        // A rule that gets another id is the same rule to people.
        var named = Dictionary(pairs.left.map { ($0.value.text, $0.key) }, uniquingKeysWith: min)
        for (index, known) in pairs.different {
            let row = wanted.rows.rules[index]
            let former =
                known == nil ? named.removeValue(forKey: row.text).flatMap { left.removeValue(forKey: $0) } : nil
            if let former { draft.difference.removedRules.append(former) }
            let before = known ?? former
            draft.difference.writtenRules.append(row)
            draft.changes.append(
                change(
                    ObjectID(row), before == nil ? .create : .update, digest: wanted.ruleDigests[index],
                    RuleFields.compare(before, row), draft))
        }
        let names = left.isEmpty ? [] : Set(wanted.rows.rules.lazy.map(\.text))
        for (_, row) in left.sorted(by: { $0.key < $1.key }) {
            draft.difference.removedRules.append(row)
            draft.changes.append(
                change(
                    ObjectID(row), .delete, digest: "", RuleFields.compare(row, nil), draft,
                    isDeclared: names.contains(row.text)))
        }
    }

    /// Adds the change of a row. One that goes was ours if it was applied, and nothing of its name is declared any more.
    private mutating func change(
        _ object: ObjectID, _ action: Change.Action, digest: String, _ fields: [FieldChange], _ draft: DNSDraft,
        isDeclared: Bool = false
    ) -> Int {
        var reason = reason(object, digest: digest)
        if action == .delete { reason = input.inventory.applied[object] != nil && !isDeclared ? .prune : .drift }
        return add(object, action, reason, fields: fields, isReportOnly: draft.isReportOnly)
    }
}

/// A step in the making.
private struct DNSDraft {
    let isReportOnly: Bool
    var difference = DNSDifference()
    var changes: [Int] = []
}
