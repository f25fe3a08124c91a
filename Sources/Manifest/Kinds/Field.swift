import Model

/// One field of a kind: the row of the table from which decoder, JSON Schema, reference and API come.
struct Field<Object>: Sendable {
    /// The name in YAML and JSON, snake_case.
    let name: String
    /// Its JSON Schema.
    let schema: JSONValue
    /// What is allowed, in words.
    let allowed: String
    /// The lines of nested fields in the reference.
    let nestedRows: [ReferenceRow]
    /// What it means.
    let documentation: String
    /// The value when it is absent, for schema and reference; nil if there is none or it is computed.
    let defaultValue: JSONValue?
    /// Whether it must be given.
    let isRequired: Bool
    /// Whether only WireBuddy sets it.
    let isReadOnly: Bool
    /// Whether its value may never be shown.
    let isSecret: Bool
    /// What changing it does to running tunnels.
    let impact: FieldImpact
    /// How the API presents it.
    let presentation: FieldPresentation
    /// Reads a node into the object; false if it was refused.
    let store: @Sendable (inout Object, Node, inout DecodeContext) -> Bool
    /// The value of an object in JSON, secrets as references or hashes; `null` where it follows from other objects.
    let read: @Sendable (Object) -> JSONValue
    /// What a node means, in the same form; nil if it was refused.
    let canonical: @Sendable (Node, inout DecodeContext) -> JSONValue?
    /// How the entries of a body's mapping change those that are there; nil: a value is replaced as a whole.
    let merge: BodyMerge?

    init<Value>(
        _ name: String, _ type: FieldType<Value>, _ documentation: String, default defaultValue: JSONValue? = nil,
        required isRequired: Bool = false, readOnly isReadOnly: Bool = false, secret isSecret: Bool = false,
        impact: FieldImpact = .none, presentation: FieldPresentation = .plain,
        get: @escaping @Sendable (Object) -> Value?, set: @escaping @Sendable (inout Object, Value) -> Void
    ) {
        self.name = name
        self.schema = type.schema
        self.allowed = type.allowed
        self.nestedRows = type.nestedRows
        self.documentation = documentation
        self.defaultValue = defaultValue
        self.isRequired = isRequired
        self.isReadOnly = isReadOnly
        self.isSecret = isSecret
        self.impact = impact
        self.presentation = presentation
        let (decode, show) = (type.decode, type.show)
        store = { object, node, context in
            guard let value = decode(node, &context) else { return false }
            set(&object, value)
            return true
        }
        read = { get($0).map(show) ?? .null }
        canonical = { node, context in decode(node, &context).map(show) }
        merge = type.merge
    }

    /// A field that is a property.
    init<Value>(
        _ name: String, _ type: FieldType<Value>, _ documentation: String, default defaultValue: JSONValue? = nil,
        required isRequired: Bool = false, readOnly isReadOnly: Bool = false, secret isSecret: Bool = false,
        impact: FieldImpact = .none, presentation: FieldPresentation = .plain,
        _ property: any (WritableKeyPath<Object, Value> & Sendable)
    ) {
        self.init(
            name, type, documentation, default: defaultValue, required: isRequired, readOnly: isReadOnly,
            secret: isSecret, impact: impact, presentation: presentation,
            get: { $0[keyPath: property] }, set: { $0[keyPath: property] = $1 })
    }

    /// A field that is a property, nil where the document does not have it.
    init<Value>(
        _ name: String, _ type: FieldType<Value>, _ documentation: String, default defaultValue: JSONValue? = nil,
        required isRequired: Bool = false, readOnly isReadOnly: Bool = false, secret isSecret: Bool = false,
        impact: FieldImpact = .none, presentation: FieldPresentation = .plain,
        _ property: any (WritableKeyPath<Object, Value?> & Sendable)
    ) {
        self.init(
            name, type, documentation, default: defaultValue, required: isRequired, readOnly: isReadOnly,
            secret: isSecret, impact: impact, presentation: presentation,
            get: { $0[keyPath: property] }, set: { $0[keyPath: property] = $1 })
    }
}

/// How the API presents a field.
enum FieldPresentation: Sendable, Hashable {
    /// As it is; a secret by `has_<name>`.
    case plain
    /// As it is, and it stays once the object is there.
    case fixed
    /// A list whose first element stands under the field's name, and the whole under this one.
    case first(all: String)
    /// A list of receivers, of which ``MaskedReceivers`` shows a part.
    case masked
    /// A secret that the API takes under another name: `password` for `password_hash`.
    case taken(as: String)
}

/// What changing a field does to running tunnels.
enum FieldImpact: String, Sendable, CaseIterable {
    /// Nothing a device notices.
    case none
    /// The next packet makes a new handshake.
    case newHandshake = "new-handshake"
    /// Running connections end.
    case sessionLoss = "session-loss"
    /// Devices need a new configuration.
    case reimport
    /// The gateway may become unreachable.
    case lockoutRisk = "lockout-risk"
}
