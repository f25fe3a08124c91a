public import Model

extension Schemas {
    /// The components of the OpenAPI document that follow from the tables: for each kind the object as it is served
    /// (`Peer`), the body that makes one (`PeerCreate`) and the body that changes one (`PeerUpdate`), and the texts that
    /// they refer to (`AddressValue`, …). They refer to `Time` and `UUID`, which are written by hand.
    public static func openAPIComponents() -> JSONValue {
        let schemas =
            components(InterfaceKind.table, .interface) + components(PeerKind.table, .peer)
            + components(UserKind.table, .user) + components(SettingsKind.table, .settings)
            + components(DNSSettingsKind.table, .dnsSettings) + components(BlocklistKind.table, .blocklist)
            + components(DNSRuleKind.table, .dnsRule) + components(AccessKind.table, .access)
            + components(ForwardKind.table, .forward)
        let names = closure(of: schemas.flatMap(\.1.references))
        let definitions = names.map { (componentName($0), SchemaDefinitions.schema($0)) }
        return .object((schemas + definitions).map { ($0.0, renamed($0.1)) })
    }

    private static func components<Object>(
        _ table: FieldTable<Object>, _ kind: ResourceKind
    ) -> [(String, JSONValue)] {
        var components = [(kind.rawValue, table.servedSchema(kind))]
        if !kind.required.isEmpty { components.append(("\(kind.rawValue)Create", table.creationSchema(kind))) }
        return components + [("\(kind.rawValue)Update", table.updateSchema(kind))]
    }

    /// `interface-address` → `InterfaceAddressValue`.
    private static func componentName(_ definition: String) -> String {
        definition.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined() + "Value"
    }

    private static func renamed(_ schema: JSONValue) -> JSONValue {
        switch schema {
        case .array(let items): .array(items.map(renamed))
        case .object(let entries):
            .object(
                entries.map { key, value in
                    guard key == "$ref", case .string(let target) = value, target.hasPrefix("#/$defs/") else {
                        return (key, renamed(value))
                    }
                    return (key, .string("#/components/schemas/\(componentName(String(target.dropFirst(8))))"))
                })
        default: schema
        }
    }
}

extension FieldTable {
    /// The object as the API shows it.
    fileprivate func servedSchema(_ kind: ResourceKind) -> JSONValue {
        var properties: [(String, JSONValue)] = []
        for field in fields {
            if field.isSecret {
                properties.append(
                    (
                        "has_\(field.bodyName)",
                        .object([("type", .string("boolean")), ("readOnly", .boolean(true))])
                    ))
                continue
            }
            if field.presentation == .masked {
                properties.append((field.name, MaskedReceivers.servedSchema(field.schemaWithDocumentation)))
                continue
            }
            // An id that no document gives follows from others, and is served all the same. A rule that is a line of
            // an `adblock` block has nothing but its id and text.
            let isGiven = field.isRequired && kind != .dnsRule || field.name == "id"
            let shown =
                kind == .dnsRule && !isGiven
                ? OpenAPIForm.nullable(OpenAPIForm.served(field.schemaWithDocumentation, isRequired: true))
                : OpenAPIForm.served(field.schemaWithDocumentation, isRequired: isGiven)
            guard case .first(let all) = field.presentation, let items = OpenAPIForm.elements(field.schema) else {
                properties.append((field.name, shown))
                continue
            }
            properties.append((field.name, OpenAPIForm.nullable(items, field.documentation + " Here the first one.")))
            properties.append((all, OpenAPIForm.array(of: items, "All of them.")))
        }
        let names = properties.map(\.0)
        return OpenAPIForm.object(
            properties + kind.observedSchemas, required: names + kind.alwaysObserved.filter { !names.contains($0) })
    }

    /// The body that makes an object.
    fileprivate func creationSchema(_ kind: ResourceKind) -> JSONValue {
        // What documents need and a body may leave out is chosen here; there is no default that `null` could mean.
        let properties = requestProperties(isRequired: { name in
            kind.required.contains(name) || field(name)?.isRequired ?? false
        })
        return OpenAPIForm.object(properties, required: kind.required)
    }

    /// The body that changes an object: what is read-only may stand there as it was served.
    fileprivate func updateSchema(_ kind: ResourceKind) -> JSONValue {
        let properties = requestProperties(isPartial: true) { name in field(name)?.isRequired ?? false }
        let served = fields.filter(\.isSecret).map { "has_\($0.bodyName)" } + kind.observedSchemas.map(\.0)
        let anything = JSONValue.object([("description", .string("As it was served, or left out: it changes nothing."))]
        )
        return OpenAPIForm.object(properties + served.map { ($0, anything) }, required: [])
    }

    private func requestProperties(
        isPartial: Bool = false, isRequired: (String) -> Bool
    ) -> [(String, JSONValue)] {
        var properties: [(String, JSONValue)] = []
        for field in fields where !field.isReadOnly {
            var schema = field.isSecret ? field.secretBodySchema : field.schemaWithDocumentation
            if field.presentation == .masked {
                schema = MaskedReceivers.bodySchema(schema)
            } else if !field.isSecret {
                schema = OpenAPIForm.request(schema)
            }
            if isPartial { schema = OpenAPIForm.partial(schema) }
            if !isRequired(field.bodyName) { schema = OpenAPIForm.nullable(schema) }
            properties.append((field.bodyName, schema))
            if case .first(let all) = field.presentation {
                let list = OpenAPIForm.request(field.schema)
                properties.append(
                    (
                        all,
                        field.isRequired
                            ? OpenAPIForm.described(list, "All of them.") : OpenAPIForm.nullable(list, "All of them.")
                    ))
            }
        }
        return properties
    }
}

extension Field {
    /// A secret as a body gives it: in plain text, or as a reference where documents hold one.
    fileprivate var secretBodySchema: JSONValue {
        let text = JSONValue.string(documentation)
        if bodyName == "password" {
            return .object([
                ("type", .string("string")), ("format", .string("password")), ("minLength", .integer(8)),
                ("maxLength", .integer(1024)), ("pattern", .string("^[^\\u0000]*$")), ("writeOnly", .boolean(true)),
                ("description", .string("The password; it is hashed, and never shown.")),
            ])
        }
        let key = JSONValue.object([
            ("type", .string("string")), ("pattern", .string("^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$")),
            ("not", .object([("pattern", .string("^A{43}=$"))])),
            ("description", .string("The key in base64; it is sealed, and never shown.")),
        ])
        return .object([
            ("anyOf", .array([key, schema])), ("writeOnly", .boolean(true)), ("description", text),
        ])
    }
}
