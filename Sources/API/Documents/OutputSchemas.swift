public import Model

/// The JSON Schemas of what commands print, inside the binary.
public enum OutputSchemas {
    /// Their names, which are those of the files in `schemas/output`.
    public static let names = [
        "access-explanation", "access-list", "access-test", "apply", "common", "device-configuration",
        "device-qr", "dns-explanation", "dns-flush", "dns-lists", "dns-pauses", "dns-queries",
        "dns-rules", "dns-test", "dns-update", "doctor", "drift", "dry-run",
        "error", "event", "export", "forward-list", "import", "init",
        "interface", "interfaces", "log", "password-hash", "peer", "peer-log",
        "peers", "plan", "revocations", "revoke", "rollback", "schemas",
        "secret", "status", "suspension", "token", "tokens", "top",
        "traffic", "users", "validate", "version", "write",
    ]

    /// The files in a source tree.
    static let files = names.map { "schemas/output/\($0).schema.json" }

    /// The schema of a name, with those it refers to inside (JSON Schema 2020-12, 9.3), so that it needs no other file;
    /// nil: there is none of this name.
    public static func schema(_ name: String) -> JSONValue? {
        guard let schema = all[name] else { return nil }
        var bundled: [String: JSONValue] = [:]
        var open = references(in: schema)
        while let file = open.popFirst() {
            let other = String(file.prefix { $0 != "." })
            guard other != name, bundled[file] == nil, let found = all[other] else { continue }
            bundled[file] = found
            open.formUnion(references(in: found))
        }
        let added = bundled.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        guard !added.isEmpty, let entries = schema.entries else { return schema }
        let own = schema["$defs"]?.entries ?? []
        return .object(entries.filter { $0.0 != "$defs" } + [("$defs", .object(own + added))])
    }

    /// The text that the binary holds: all schemas without white space, one a line.
    static func text(_ schemas: [(name: String, schema: JSONValue)]) -> [UInt8] {
        var text = Array("{\n".utf8)
        for (index, entry) in schemas.enumerated() {
            JSONValue.string(entry.name).append(to: &text)
            text.append(UInt8(ascii: ":"))
            entry.schema.append(to: &text)
            text += Array(index == schemas.count - 1 ? "\n".utf8 : ",\n".utf8)
        }
        return text + Array("}\n".utf8)
    }

    private static let all: [String: JSONValue] = {
        let value = try? JSONValue(text: EmbeddedFile.bytes(of: OutputSchemasText.text), path: "schemas/output")
        return Dictionary((value?.entries ?? []).map { ($0.0, $0.1) }, uniquingKeysWith: { first, _ in first })
    }()

    /// The files that references lead to.
    private static func references(in schema: JSONValue) -> Set<String> {
        switch schema {
        case .array(let items): return items.reduce(into: []) { $0.formUnion(references(in: $1)) }
        case .object(let entries):
            return entries.reduce(into: []) { found, entry in
                if entry.0 == "$ref", case .string(let target) = entry.1 {
                    let file = String(target.prefix { $0 != "#" })
                    if !file.isEmpty { found.insert(file) }
                } else {
                    found.formUnion(references(in: entry.1))
                }
            }
        default: return []
        }
    }
}
