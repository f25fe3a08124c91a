import Model

/// What a writer needs to know of one field of a kind: a row of its table.
public struct FieldDescription: Sendable, Hashable {
    /// The name in YAML and JSON.
    public let name: String
    /// What is allowed, in words: "one of full_tunnel, …".
    public let allowed: String
    /// What it means.
    public let documentation: String
    /// Whether every value is a text, so that a word of a command line is taken as it is.
    public let isText: Bool
    /// Whether only WireBuddy sets it.
    public let isReadOnly: Bool
    /// Whether its value may never be shown.
    public let isSecret: Bool

    fileprivate init<Object>(_ field: Field<Object>) {
        name = field.name
        allowed = field.allowed
        documentation = field.documentation
        isText = Self.isText(field.schema)
        isReadOnly = field.isReadOnly
        isSecret = field.isSecret || field.presentation == .masked
    }

    private static func isText(_ schema: JSONValue) -> Bool {
        if case .array? = schema["enum"] { return true }
        let type = schema.references.first.map { SchemaDefinitions.schema($0)["type"] } ?? schema["type"]
        if case .string("string")? = type { return true }
        return false
    }
}

extension Manifest {
    /// The fields of a kind in the order of its table, without `kind` and `apiVersion`; empty for an unknown kind.
    public static func fields(of kind: String) -> [FieldDescription] {
        switch kind {
        case InterfaceKind.kind.name: InterfaceKind.table.fields.map { FieldDescription($0) }
        case PeerKind.kind.name: PeerKind.table.fields.map { FieldDescription($0) }
        case SettingsKind.kind.name: SettingsKind.table.fields.map { FieldDescription($0) }
        case UserKind.kind.name: UserKind.table.fields.map { FieldDescription($0) }
        case DNSSettingsKind.kind.name: DNSSettingsKind.table.fields.map { FieldDescription($0) }
        case BlocklistKind.kind.name: BlocklistKind.table.fields.map { FieldDescription($0) }
        case DNSRuleKind.kind.name: DNSRuleKind.table.fields.map { FieldDescription($0) }
        case DNSRulesKind.kind.name: DNSRulesKind.table.fields.map { FieldDescription($0) }
        case AccessKind.kind.name: AccessKind.table.fields.map { FieldDescription($0) }
        case ForwardKind.kind.name: ForwardKind.table.fields.map { FieldDescription($0) }
        case ApprovalKind.kind.name: ApprovalKind.table.fields.map { FieldDescription($0) }
        case AcknowledgementKind.kind.name: AcknowledgementKind.table.fields.map { FieldDescription($0) }
        default: []
        }
    }

    /// The candidate closest to `word`, if it is close enough to be meant: "did you mean".
    public static func closest(to word: String, in candidates: some Sequence<String>) -> String? {
        Spelling.closest(to: word, in: candidates)
    }
}
