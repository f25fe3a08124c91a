/// The reference of the kinds as Markdown, generated from their tables.
public enum Reference {
    /// One page per kind and one for the host file, with their file names, in a fixed order.
    public static func all() -> [(fileName: String, markdown: String)] {
        [
            page(InterfaceKind.kind), page(PeerKind.kind), page(SettingsKind.kind), page(RecipientsKind.kind),
            page(UserKind.kind), page(DNSSettingsKind.kind), page(BlocklistKind.kind), page(DNSRuleKind.kind),
            page(DNSRulesKind.kind), page(AccessKind.kind), page(ForwardKind.kind), page(ApprovalKind.kind),
            page(AcknowledgementKind.kind), page(HostKind.kind),
        ]
    }

    private static func page<Object>(_ kind: Kind<Object>) -> (fileName: String, markdown: String) {
        let title = kind.hasHeader ? kind.name : "/etc/wirebuddy.yaml"
        var text = "# \(title)\n\n\(kind.documentation)\n\n"
        text += "| field | value | default | changing it | meaning |\n|---|---|---|---|---|\n"
        for row in kind.table.rows(prefix: "") { text += row.markdown + "\n" }
        return ("\(kind.schemaName).md", text)
    }
}

/// One line of a reference table.
struct ReferenceRow: Sendable {
    var name: String
    var allowed: String
    var defaultValue: String
    var impact: FieldImpact
    var documentation: String

    fileprivate var markdown: String {
        let cells = ["`\(name)`", allowed, defaultValue, impact == .none ? "" : impact.rawValue, documentation]
        return "| " + cells.map { $0.replacing("|", with: "\\|") }.joined(separator: " | ") + " |"
    }
}

extension FieldTable {
    /// The lines of the fields, nested ones with dots.
    func rows(prefix: String) -> [ReferenceRow] {
        fields.flatMap { field -> [ReferenceRow] in
            let row = ReferenceRow(
                name: prefix + field.name, allowed: field.allowed,
                defaultValue: field.isRequired ? "required" : field.defaultValue.map { "`\($0.compact)`" } ?? "",
                impact: field.impact, documentation: field.documentation)
            return [row]
                + field.nestedRows.map { nested in
                    var nested = nested
                    nested.name = "\(prefix)\(field.name).\(nested.name)"
                    return nested
                }
        }
    }
}
