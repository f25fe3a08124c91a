import Model

/// How the schemas of fields become those of the API.
enum OpenAPIForm {
    /// A mapping with exactly these entries.
    static func object(_ properties: [(String, JSONValue)], required: [String]) -> JSONValue {
        var entries: [(String, JSONValue)] = [
            ("type", .string("object")), ("properties", .object(properties)),
        ]
        if !required.isEmpty { entries.append(("required", .array(required.map(JSONValue.string)))) }
        return .object(entries + [("additionalProperties", .boolean(false))])
    }

    /// A list.
    static func array(of items: JSONValue, _ description: String) -> JSONValue {
        .object([("type", .string("array")), ("items", items), ("description", .string(description))])
    }

    /// The value, or `null`; what is said about it stands outside.
    static func nullable(_ schema: JSONValue, _ description: String? = nil) -> JSONValue {
        let outside = ["description", "default", "writeOnly", "readOnly", "x-impact"]
        guard case .object(let entries) = schema else { return schema }
        var notes = entries.filter { outside.contains($0.0) && !(description != nil && $0.0 == "description") }
        if let description { notes.insert(("description", .string(description)), at: 0) }
        let inner = JSONValue.object(entries.filter { !outside.contains($0.0) })
        return .object([("anyOf", .array([inner, .object([("type", .string("null"))])]))] + notes)
    }

    /// The value with these words about it.
    static func described(_ schema: JSONValue, _ description: String) -> JSONValue {
        guard case .object(let entries) = schema else { return schema }
        return .object(entries.filter { $0.0 != "description" } + [("description", .string(description))])
    }

    /// The elements of a list that may be written as one string; nil for what is none.
    static func elements(_ schema: JSONValue) -> JSONValue? {
        guard case .string(let target)? = schema["$ref"], target.hasSuffix("-list") else { return nil }
        return .object([("$ref", .string(String(target.dropLast(5))))])
    }

    /// A value as it is served: lists are lists, and what has no default may be `null`.
    static func served(_ schema: JSONValue, isRequired: Bool) -> JSONValue {
        let shown = lists(schema)
        return isRequired || schema["default"] != nil || schema["properties"] != nil ? shown : nullable(shown)
    }

    private static func lists(_ schema: JSONValue) -> JSONValue {
        guard case .object(let entries) = schema else { return schema }
        if let items = elements(schema) {
            let rest = entries.filter { $0.0 != "$ref" }
            return .object([("type", .string("array")), ("items", items)] + rest)
        }
        return .object(
            entries.map { key, value in
                switch (key, value) {
                case ("anyOf", .array(let choices)): (key, .array(choices.map(lists)))
                case ("properties", .object(let properties)):
                    (key, .object(properties.map { ($0.0, served($0.1, isRequired: false)) }))
                case ("additionalProperties", .object): (key, lists(value))
                default: (key, value)
                }
            })
    }

    /// A value in a body: `null` lets the default of every entry of a mapping count. An entry without one has to be
    /// given.
    static func request(_ schema: JSONValue) -> JSONValue {
        guard case .object(let entries) = schema else { return schema }
        let required: [JSONValue] = if case .array(let names)? = schema["required"] { names } else { [] }
        return .object(
            entries.map { key, value in
                switch (key, value) {
                case ("properties", .object(let properties)):
                    (
                        key,
                        .object(
                            properties.map { name, value in
                                let value = request(value)
                                return (name, required.contains(.string(name)) ? value : nullable(value))
                            })
                    )
                case ("additionalProperties", .object): (key, nullable(value))
                default: (key, value)
                }
            })
    }

    /// A value in a body that is merged into one that is there: no entry of a mapping has to be given.
    static func partial(_ schema: JSONValue) -> JSONValue {
        guard case .object(let entries) = schema, schema["properties"] != nil else { return schema }
        return .object(entries.filter { !["required", "anyOf"].contains($0.0) })
    }
}

extension ResourceKind {
    /// What the API shows beyond the declared fields.
    var observedSchemas: [(String, JSONValue)] {
        switch self {
        case .interface:
            [
                ("status", Self.words(["active", "inactive", "error"])),
                ("reason", Self.type("string", isNullable: true)), ("peer_count", Self.count),
                ("public_key", Self.type("string", isNullable: true)), ("etag", Self.type("string")),
                (
                    "observed",
                    Self.observed([
                        (
                            "backend",
                            .object([
                                ("enum", .array([.string("kernel"), .string("userspace"), .null]))
                            ])
                        ),
                        ("mtu", Self.type("integer", isNullable: true)), ("transfer_rx", Self.count),
                        ("transfer_tx", Self.count), ("drift", Self.type("boolean")),
                        ("reason", Self.type("string", isNullable: true)),
                    ])
                ),
                ("observed_at", Self.time),
            ]
        case .peer:
            [
                ("status", Self.words(["connected", "idle", "disabled", "expired"])), ("last_handshake", Self.time),
                ("transfer_tx", Self.count), ("transfer_rx", Self.count), ("etag", Self.type("string")),
                (
                    "observed",
                    Self.observed([
                        ("endpoint", Self.type("string", isNullable: true)),
                        ("country", Self.type("string", isNullable: true)),
                        ("asn", Self.type("integer", isNullable: true)),
                        ("state", Self.words(["in_sync", "pending", "drifted", "failed"])),
                    ])
                ),
                ("observed_at", Self.time),
            ]
        case .access, .forward:
            [
                ("etag", Self.type("string")),
                (
                    "observed",
                    Self.observed([("state", Self.words(["in_sync", "pending", "drifted", "failed"]))])
                ),
                ("observed_at", Self.time),
            ]
        case .user:
            [
                ("etag", Self.type("string")), ("observed", .object([("type", .string("object"))])),
                ("observed_at", Self.time),
            ]
        case .blocklist:
            [
                ("etag", Self.type("string")),
                (
                    "observed",
                    Self.observed([
                        ("status", Self.words(["ready", "stale", "missing", "updating", "disabled"])),
                        ("domains", Self.count),
                        ("skipped", .object([("type", .string("object")), ("additionalProperties", Self.count)])),
                        ("updated_at", Self.time), ("next_update", Self.time),
                        ("error", Self.type("string", isNullable: true)),
                    ])
                ),
                ("observed_at", Self.time),
            ]
        case .dnsRule:
            [
                ("text", Self.type("string")), ("source", Self.type("string")), ("etag", Self.type("string")),
                (
                    "observed",
                    Self.observed([("state", Self.words(["in_sync", "pending", "drifted", "failed"]))])
                ),
                ("observed_at", Self.time),
            ]
        case .settings, .dnsSettings:
            [
                (
                    "sources",
                    .object([
                        ("type", .string("object")),
                        (
                            "description",
                            .string("By the name of a field, with dots for nested ones: where its value comes from.")
                        ),
                        (
                            "additionalProperties",
                            .object([
                                ("enum", .array(["default", "settings", "host", "environment"].map(JSONValue.string)))
                            ])
                        ),
                    ])
                ), ("etag", Self.type("string")), ("observed", .object([("type", .string("object"))])),
                ("observed_at", Self.time),
            ]
        }
    }

    /// What of it is always there.
    var alwaysObserved: [String] { observedSchemas.map(\.0).filter { $0 != "reason" && $0 != "public_key" } }

    private static let count = JSONValue.object([("type", .string("integer")), ("minimum", .integer(0))])
    private static let time = JSONValue.object([
        (
            "anyOf",
            .array([
                .object([("$ref", .string("#/components/schemas/Time"))]), .object([("type", .string("null"))]),
            ])
        )
    ])

    private static func type(_ name: String, isNullable: Bool = false) -> JSONValue {
        .object([("type", isNullable ? .array([.string(name), .string("null")]) : .string(name))])
    }

    private static func words(_ words: [String]) -> JSONValue {
        .object([("enum", .array(words.map(JSONValue.string)))])
    }

    private static func observed(_ properties: [(String, JSONValue)]) -> JSONValue {
        OpenAPIForm.object(properties, required: properties.map(\.0))
    }
}
