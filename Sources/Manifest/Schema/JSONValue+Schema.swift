import Model

extension JSONValue {
    /// A reference to one of ``SchemaDefinitions``.
    static func reference(_ definition: String) -> JSONValue {
        .object([("$ref", .string("#/$defs/\(definition)"))])
    }

    /// The object with one more entry.
    func adding(_ key: String, _ value: JSONValue) -> JSONValue {
        guard case .object(let entries) = self else { return self }
        return .object(entries + [(key, value)])
    }

    /// The names of the definitions it refers to.
    var references: [String] {
        switch self {
        case .array(let items): items.flatMap(\.references)
        case .object(let entries):
            entries.flatMap { entry -> [String] in
                if entry.0 == "$ref", case .string(let target) = entry.1 {
                    return target.hasPrefix("#/$defs/") ? [String(target.dropFirst(8))] : []
                }
                return entry.1.references
            }
        default: []
        }
    }
}
