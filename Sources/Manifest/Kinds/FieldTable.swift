/// The fields of a kind, or of a mapping inside one.
struct FieldTable<Object>: Sendable {
    /// The fields in the order of the reference.
    let fields: [Field<Object>]
    /// Names under which people write a secret in plain text, with the command that makes what belongs there.
    let plainSecrets: [String: String]
    private let index: [String: Int]

    init(
        plainSecrets: [String: String] = [:], @FieldTableBuilder<Object> _ fields: () -> [Field<Object>]
    ) {
        self.fields = fields()
        self.plainSecrets = plainSecrets
        precondition(self.fields.count <= 64, "a table has at most 64 fields")
        var index: [String: Int] = [:]
        for (number, field) in self.fields.enumerated() { index[field.name] = number }
        self.index = index
    }

    /// The number of a field; the name must be in the table.
    func number(_ name: String) -> Int {
        guard let number = index[name] else { preconditionFailure("no field \(name)") }
        return number
    }

    /// The field of a name.
    func field(_ name: String) -> Field<Object>? { index[name].map { fields[$0] } }

    /// Reads entries into `object`. Returns the fields that are present and those that were also accepted.
    ///
    /// - Parameters:
    ///   - ignored: keys that stand in the mapping but belong to no field (`kind`).
    ///   - positions: where to put the places of the fields; nil inside nested mappings.
    func decode(
        _ entries: [Entry], into object: inout Object, ignoring ignored: [String], _ context: inout DecodeContext
    ) -> (present: FieldSet, valid: FieldSet) {
        var present = FieldSet()
        var valid = FieldSet()
        let outerField = context.field
        for entry in entries {
            let name = entry.key.text
            guard let number = index[name] else {
                context.field = outerField
                if !ignored.contains(name) { reportUnknown(entry.key, &context) }
                continue
            }
            let field = fields[number]
            context.field = outerField.isEmpty ? field.name : outerField + "." + field.name
            context.isSecret = field.isSecret
            let start = entry.value.range.start
            if outerField.isEmpty { context.beginField(number, start) }
            let isInner = !outerField.isEmpty && context.beginInnerField(number, start)
            present.insert(number)
            if field.store(&object, entry.value, &context) { valid.insert(number) }
            context.isSecret = false
            if isInner { context.endInnerField() }
        }
        context.field = outerField
        return (present, valid)
    }

    private func reportUnknown(_ key: Key, _ context: inout DecodeContext) {
        let prefix = context.field.isEmpty ? "" : context.field + "."
        let name = Printable.quoted(prefix + key.text)
        if let command = plainSecrets[key.text] {
            context.report(
                key.range.start, .plainSecret,
                "\(prefix + key.text) of \(context.objectLabel) is a secret in plain text, which never belongs into the"
                    + " repository",
                suggestion: "remove it, and write what this prints: \(command)"
                    + "\nchoose another one if this text was ever committed")
            return
        }
        var suggestion: String?
        if let close = Spelling.closest(to: key.text, in: fields.map(\.name)) {
            suggestion = "did you mean \"\(close)\"?"
        }
        context.report(
            key.range.start, .unknownField, "unknown field \(name) in \(context.objectLabel)",
            suggestion: suggestion ?? "fields: " + fields.map(\.name).joined(separator: ", "))
    }
}

/// A set of fields of one table.
struct FieldSet: Sendable, Hashable {
    private var bits: UInt64 = 0

    mutating func insert(_ number: Int) { bits |= 1 << UInt64(number) }

    func contains(_ number: Int) -> Bool { bits & (1 << UInt64(number)) != 0 }
}

/// Collects the rows of a table, each type-checked alone.
@resultBuilder
enum FieldTableBuilder<Object> {
    static func buildExpression(_ field: Field<Object>) -> Field<Object> { field }
    static func buildBlock(_ fields: Field<Object>...) -> [Field<Object>] { fields }
}
