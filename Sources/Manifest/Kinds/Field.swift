import Model

/// One field of a kind: the row of the table from which decoder, JSON Schema and reference come.
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
    /// Reads a node into the object; false if it was refused.
    let store: @Sendable (inout Object, Node, inout DecodeContext) -> Bool

    init<Value>(
        _ name: String, _ type: FieldType<Value>, _ documentation: String, default defaultValue: JSONValue? = nil,
        required isRequired: Bool = false, readOnly isReadOnly: Bool = false, secret isSecret: Bool = false,
        impact: FieldImpact = .none, _ assign: @escaping @Sendable (inout Object, Value) -> Void
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
        let decode = type.decode
        store = { object, node, context in
            guard let value = decode(node, &context) else { return false }
            assign(&object, value)
            return true
        }
    }
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
