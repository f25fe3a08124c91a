import Model

/// The type of a field: how a node becomes a value of the model and back, and the same in JSON Schema.
struct FieldType<Value>: Sendable {
    /// The JSON Schema of the values, often a reference to one of ``SchemaDefinitions``.
    let schema: JSONValue
    /// What is allowed, as it stands in messages behind "must be" and in the reference.
    let allowed: String
    /// The lines of nested fields in the reference.
    let nestedRows: [ReferenceRow]
    /// Reads a node; reports what is wrong with it and returns nil.
    let decode: @Sendable (Node, inout DecodeContext) -> Value?
    /// The value in JSON: one form for everything that means the same.
    let show: @Sendable (Value) -> JSONValue
    /// How the entries of a body's mapping change those that are there; nil: a value is replaced as a whole.
    let merge: BodyMerge?

    init(
        schema: JSONValue, allowed: String, nestedRows: [ReferenceRow] = [],
        show: @escaping @Sendable (Value) -> JSONValue, merge: BodyMerge? = nil,
        decode: @escaping @Sendable (Node, inout DecodeContext) -> Value?
    ) {
        self.schema = schema
        self.allowed = allowed
        self.nestedRows = nestedRows
        self.show = show
        self.merge = merge
        self.decode = decode
    }

    /// A type that is written as a string.
    ///
    /// - Parameters:
    ///   - definition: the name of its pattern in ``SchemaDefinitions``.
    ///   - hint: what to write instead of a refused text, if that can be told.
    init(
        string definition: String, allowed: String, hint: (@Sendable (String) -> String?)? = nil,
        text: @escaping @Sendable (Value) -> String, parse: @escaping @Sendable (String) -> Value?
    ) {
        self.init(
            schema: .reference(definition), allowed: allowed, show: { .string(text($0)) }
        ) { node, context in
            let quoted: (String) -> String? = { text in
                parse(text) != nil ? "write \"\(Printable.shortened(text))\"" : hint?(text)
            }
            guard let text = context.string(node, allowed: allowed, suggestion: quoted) else { return nil }
            if let value = parse(text) { return value }
            context.invalid(node, allowed: allowed, suggestion: hint?(text))
            return nil
        }
    }
}

extension FieldType where Value: CustomStringConvertible & SendableMetatype {
    /// A type that is written as a string, which is its description.
    init(
        string definition: String, allowed: String, hint: (@Sendable (String) -> String?)? = nil,
        parse: @escaping @Sendable (String) -> Value?
    ) {
        self.init(string: definition, allowed: allowed, hint: hint, text: { $0.description }, parse: parse)
    }
}
