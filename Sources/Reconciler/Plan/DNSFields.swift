import Model

/// The fields of a list that change; of a new one or one that goes, those that set it apart.
enum BlocklistFields {
    static func compare(_ before: ProjectedBlocklist?, _ after: ProjectedBlocklist?) -> [FieldChange] {
        let (old, new) = (before.map(texts), after.map(texts))
        return fields.indices.compactMap { index in
            let (old, new) = (old?[index] ?? nil, new?[index] ?? nil)
            if old == new { return nil }
            if before == nil || after == nil, (old ?? new) == defaults[fields[index]] { return nil }
            return FieldChange(fields[index], before: old, after: new)
        }
    }

    private static let fields = ["url", "file", "format", "enabled", "refresh", "sha256"]
    private static let defaults = ["enabled": "true", "refresh": "7d"]

    private static func texts(_ row: ProjectedBlocklist) -> [String?] {
        [
            row.url, row.file, row.format.rawValue, String(row.enabled),
            SettingText.of(.seconds(row.refresh)), row.sha256,
        ]
    }
}

/// The fields of a rule that change; of a new one or one that goes, those that its name doesn't say.
enum RuleFields {
    static func compare(_ before: ProjectedDNSRule?, _ after: ProjectedDNSRule?) -> [FieldChange] {
        var fields: [FieldChange] = []
        func compare(_ field: String, _ value: (ProjectedDNSRule) -> String?) {
            let (old, new) = (before.flatMap(value), after.flatMap(value))
            if old != new { fields.append(FieldChange(field, before: old, after: new)) }
        }
        if before != nil, after != nil {
            compare("id") { $0.id }
            compare("action") { $0.action?.rawValue }
            compare("domain") { $0.domain }
            compare("client") { $0.client }
            compare("answer") { $0.answer }
        }
        compare("comment") { $0.comment.isEmpty ? nil : $0.comment }
        compare("expires_at") { $0.expiresAt?.description }
        // Only a row that somebody edited differs in nothing else.
        if fields.isEmpty, before != nil, after != nil { compare("text") { $0.text } }
        return fields
    }
}
