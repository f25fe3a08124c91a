import Model

/// What the database holds of the repository: users, the settings of the API and the policy of the DNS forwarder.
extension PlanBuilder {
    mutating func planProjections() {
        guard let wanted = input.desired.projections else { return }
        if let unreadable = input.observed.unreadable.first(where: { $0.part == .projections }) {
            problems.append(PlanProblem(kind: .error, object: .apiSettings, message: unreadable.reason))
            return
        }
        let isReportOnly = wanted.drift == .report
        let rows = input.observed.projections.users
        if !wanted.users.lazy.map(\.row).elementsEqual(rows) { planUsers(wanted.users, rows, isReportOnly) }
        planSettings(wanted, isReportOnly)
        planDNS(wanted.dns, isReportOnly)
    }

    private mutating func planUsers(
        _ wanted: [DesiredProjections.User], _ rows: [ProjectedUser], _ isReportOnly: Bool
    ) {
        var left = Dictionary(rows.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        let known = wanted.map { user in left.removeValue(forKey: user.row.id) }
        // Who keeps his name and gets another id is the same person to people, though not to his tokens.
        var named = Dictionary(
            left.values.map { ($0.username.lowercased(), $0) },
            uniquingKeysWith: { ProjectedUser.order($0, $1) ? $0 : $1 })
        for (user, known) in zip(wanted, known) {
            if known == user.row { continue }
            let former = known == nil ? named.removeValue(forKey: user.row.username.lowercased()) : nil
            if let former { left[former.id] = nil }
            plan(user, before: known ?? former, isReportOnly)
        }
        let names = Set(wanted.lazy.map { $0.row.username.lowercased() })
        for row in left.values.sorted(by: ProjectedUser.order) {
            let object = ObjectID(.user, row.username)
            let wasOurs = input.inventory.applied[object] != nil && !names.contains(row.username.lowercased())
            let change = add(
                object, .delete, wasOurs ? .prune : .drift,
                fields: [FieldChange("role", before: row.role.rawValue, after: nil)], isReportOnly: isReportOnly)
            step(.prunes, .removeUser(id: row.id), changes: [change])
        }
    }

    private mutating func plan(_ user: DesiredProjections.User, before: ProjectedUser?, _ isReportOnly: Bool) {
        let object = ObjectID(.user, user.row.username)
        var reason = reason(object, digest: user.digest)
        // It must not wait for anything else of the revision.
        if reason != .drift, let before, before.enabled, !user.row.enabled { reason = .revoked }
        let change = add(
            object, before == nil ? .create : .update, reason, fields: fields(before, user.row),
            isReportOnly: isReportOnly)
        step(reason == .revoked ? .revocations : .projections, .projectUser(user.row), changes: [change])
        if let before, before.id != user.row.id { step(.prunes, .removeUser(id: before.id), changes: [change]) }
    }

    private mutating func fields(_ before: ProjectedUser?, _ after: ProjectedUser) -> [FieldChange] {
        let new = ProjectedUser(id: "", username: "", role: after.role)
        let old = before ?? new
        var fields: [FieldChange] = []
        func compare(_ field: String, _ old: String, _ new: String) {
            guard old != new || (before == nil && field == "role") else { return }
            fields.append(FieldChange(field, before: before == nil ? nil : old, after: new))
        }
        if before != nil {
            compare("id", old.id, after.id)
            compare("username", old.username, after.username)
        }
        compare("email", old.email, after.email)
        compare("full_name", old.fullName, after.fullName)
        compare("description", old.description, after.description)
        compare("role", old.role.rawValue, after.role.rawValue)
        compare("enabled", String(old.enabled), String(after.enabled))
        if old.passwordHash != after.passwordHash {
            fields.append(
                FieldChange("password_hash", before: mask(old.passwordHash), after: mask(after.passwordHash)))
        }
        return fields
    }

    private mutating func planSettings(_ wanted: DesiredProjections, _ isReportOnly: Bool) {
        let rows = input.observed.projections.settings
        let effective = rows.isEmpty ? ProjectedSettings.defaults : rows
        if effective == wanted.settings { return }
        let fields = Set(effective.keys).union(wanted.settings.keys).sorted()
            .filter { effective[$0] != wanted.settings[$0] }
            .map { FieldChange($0, before: effective[$0], after: wanted.settings[$0]) }
        let change = add(
            .apiSettings, .update, reason(.apiSettings, digest: wanted.settingsDigest), fields: fields,
            isReportOnly: isReportOnly)
        step(.projections, .projectSettings(wanted.settings), changes: [change])
    }
}
