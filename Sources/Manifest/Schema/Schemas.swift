import Model

/// The JSON Schemas (2020-12) of the kinds, generated from their tables.
public enum Schemas {
    /// Every schema with its file name, in a fixed order: one per kind, the host file, and `wirebuddy.schema.json`,
    /// which is any document of a repository by its `kind`.
    public static func all() -> [(fileName: String, json: String)] {
        let kinds = [
            schema(InterfaceKind.kind), schema(PeerKind.kind), schema(SettingsKind.kind), schema(RecipientsKind.kind),
            schema(UserKind.kind), schema(DNSSettingsKind.kind), schema(BlocklistKind.kind), schema(DNSRuleKind.kind),
            schema(DNSRulesKind.kind), schema(AccessKind.kind), schema(ForwardKind.kind), schema(ApprovalKind.kind),
            schema(AcknowledgementKind.kind),
        ]
        let single = kinds + [schema(HostKind.kind)]
        return single.map { ("\($0.name).schema.json", $0.schema.pretty) }
            + [("wirebuddy.schema.json", anyKind(kinds.map(\.name)).pretty)]
    }

    private static let base = "https://json-schema.org/draft/2020-12/schema"

    private static func schema<Object>(_ kind: Kind<Object>) -> (name: String, schema: JSONValue) {
        var header: [(String, JSONValue)] = []
        if kind.hasHeader {
            header = [
                (
                    "apiVersion",
                    .object([("const", .string(Kinds.apiVersion)), ("default", .string(Kinds.apiVersion))])
                ),
                ("kind", .object([("const", .string(kind.name))])),
            ]
        }
        var body = kind.table.schema(
            header: header, required: kind.hasHeader ? ["kind"] : [], conditions: kind.conditions)
        let names = closure(of: body.references)
        if !names.isEmpty {
            body = body.adding("$defs", .object(names.map { ($0, SchemaDefinitions.schema($0)) }))
        }
        guard case .object(let entries) = body else { return (kind.schemaName, body) }
        let head: [(String, JSONValue)] = [
            ("$schema", .string(base)),
            ("title", .string(kind.hasHeader ? kind.name : "/etc/wirebuddy.yaml")),
            ("description", .string(kind.documentation)),
        ]
        return (kind.schemaName, .object(head + entries))
    }

    private static func anyKind(_ names: [String]) -> JSONValue {
        .object([
            ("$schema", .string(base)),
            ("title", .string("WireBuddy document")),
            ("description", .string("One document of a configuration repository.")),
            ("type", .string("object")), ("required", .array([.string("kind")])),
            (
                "oneOf",
                .array(names.map { .object([("$ref", .string("\($0).schema.json"))]) })
            ),
        ])
    }

    /// The definitions and those they refer to, sorted.
    static func closure(of names: [String]) -> [String] {
        var found: Set<String> = []
        var open = names
        while let name = open.popLast() {
            if found.insert(name).inserted { open += SchemaDefinitions.schema(name).references }
        }
        return found.sorted()
    }
}
