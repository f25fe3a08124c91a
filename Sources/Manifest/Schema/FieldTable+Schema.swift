import Model

extension FieldTable {
    /// The JSON Schema of a mapping with these fields.
    var schema: JSONValue { schema(header: [], conditions: []) }

    /// The schema with entries for keys that are no fields.
    func schema(header: [(String, JSONValue)], required: [String] = [], conditions: [JSONValue]) -> JSONValue {
        let properties = header + fields.map { ($0.name, $0.schemaWithDocumentation) }
        let required = required + fields.filter(\.isRequired).map(\.name)
        var schema: [(String, JSONValue)] = [
            ("type", .string("object")), ("properties", .object(properties)),
            ("additionalProperties", .boolean(false)),
        ]
        if !required.isEmpty { schema.append(("required", .array(required.map(JSONValue.string)))) }
        if !conditions.isEmpty { schema.append(("allOf", .array(conditions))) }
        return .object(schema)
    }
}

extension Field {
    var schemaWithDocumentation: JSONValue {
        var schema = schema.adding("description", .string(documentation))
        if let defaultValue { schema = schema.adding("default", defaultValue) }
        if isReadOnly { schema = schema.adding("readOnly", .boolean(true)) }
        if isSecret { schema = schema.adding("writeOnly", .boolean(true)) }
        if impact != .none { schema = schema.adding("x-impact", .string(impact.rawValue)) }
        return schema
    }
}
