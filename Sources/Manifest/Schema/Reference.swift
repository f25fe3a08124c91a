/// The reference of the kinds as Markdown, generated from their tables.
public enum Reference {
    /// The page, `docs/reference/configuration.md`: a section per kind, and one for the host file.
    public static func page() -> String {
        let sections = [
            section(InterfaceKind.kind), section(PeerKind.kind), section(AccessKind.kind), section(ForwardKind.kind),
            section(DNSSettingsKind.kind), section(BlocklistKind.kind), section(DNSRuleKind.kind),
            section(DNSRulesKind.kind), section(UserKind.kind), section(SettingsKind.kind),
            section(RecipientsKind.kind), section(ApprovalKind.kind), section(AcknowledgementKind.kind),
            section(HostKind.kind),
        ]
        return """
            # Configuration reference

            Generated from the tables that read the files, by `wirebuddy schema --write`. Every document has `kind`, and may have
            `apiVersion: \(Kinds.apiVersion)`. Changing a field does to sessions what stands under *changing it*
            ([concepts](../concepts.md)); nothing where nothing stands.


            """ + sections.joined(separator: "\n")
    }

    private static func section<Object>(_ kind: Kind<Object>) -> String {
        let title = kind.hasHeader ? kind.name : "The host file `/etc/wirebuddy.yaml`"
        var text = "## \(title)\n\n\(kind.documentation)\n\n"
        text += "| field | value | default | changing it | meaning |\n|---|---|---|---|---|\n"
        for row in kind.table.rows(prefix: "") { text += row.markdown + "\n" }
        return text
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
