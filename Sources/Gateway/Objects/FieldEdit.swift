public import Manifest

/// A change of one field of an object.
public struct FieldEdit: Sendable, Equatable {
    /// What happens to the field.
    public enum Action: Sendable, Equatable {
        /// It gets this value.
        case set(EditValue)
        /// It goes, and its default counts.
        case remove
        /// Its list gets this at the end.
        case add(EditValue)
        /// Its list loses this.
        case drop(EditValue)
    }

    /// The field, then the keys inside it.
    public let path: [String]
    /// What happens to it.
    public let action: Action

    /// A change.
    public init(_ path: [String], _ action: Action) {
        self.path = path
        self.action = action
    }

    /// The field with dots.
    var name: String { path.joined(separator: ".") }
}

extension FieldEdit {
    /// Reads `field=value`, `field=` (remove), `field+=value` and `field-=value` (lists) as a command line gives them.
    /// A field whose values are texts takes the word as it is, every other one reads it as YAML.
    ///
    /// - Throws: ``GatewayFailure/invalidFields(kind:name:_:)`` for an unknown field or a value that is no YAML.
    public init(argument: String, kind: String) throws(GatewayFailure) {
        guard let equals = argument.firstIndex(of: "="), equals != argument.startIndex else {
            throw .invalidFields(
                kind: kind, name: "",
                [InvalidField(argument, "\"\(argument)\" must be field=value, or field= to remove")])
        }
        let sign = argument[argument.index(before: equals)]
        let isList = sign == "+" || sign == "-"
        let text = String(argument[argument.index(after: equals)...])
        let path = Self.path(String(argument[..<(isList ? argument.index(before: equals) : equals)]))
        let field = try FieldDescription.named(path[0], of: kind)
        let value = try Self.value(
            text, isText: path.count > 1 || field.isText, field: path.joined(separator: "."), kind)
        switch sign {
        case "+": self.init(path, .add(value))
        case "-": self.init(path, .drop(value))
        default: self.init(path, text.isEmpty ? .remove : .set(value))
        }
    }

    /// `labels.team` is the key `team` of `labels`. Keys of labels may hold dots themselves.
    private static func path(_ text: String) -> [String] {
        text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    }

    private static func value(
        _ text: String, isText: Bool, field: String, _ kind: String
    ) throws(GatewayFailure) -> EditValue {
        if isText || text.isEmpty { return .string(text) }
        do {
            return try EditValue(yaml: text)
        } catch {
            throw .invalidFields(kind: kind, name: "", [InvalidField(field, "\(field): \(error.message)")])
        }
    }
}

extension FieldDescription {
    /// A field of a kind.
    ///
    /// - Throws: ``GatewayFailure/invalidFields(kind:name:_:)`` with the closest name.
    static func named(_ name: String, of kind: String) throws(GatewayFailure) -> FieldDescription {
        let fields = Manifest.fields(of: kind)
        if let field = fields.first(where: { $0.name == name }) { return field }
        let close = Manifest.closest(to: name, in: fields.map(\.name)).map { "did you mean \"\($0)\"?" }
        let advice = close ?? "fields: " + fields.map(\.name).joined(separator: ", ")
        throw .invalidFields(
            kind: kind, name: "", [InvalidField(name, "unknown field \"\(name)\" of \(kind.lowercased())s: \(advice)")])
    }
}

extension FieldEdit {
    /// The fields of a new object, by name.
    static func values(_ edits: [FieldEdit], kind: String) throws(GatewayFailure) -> [String: EditValue] {
        var values: [String: EditValue] = [:]
        for edit in edits {
            try SecretField.check(edit, kind: kind)
            let field = edit.path[0]
            switch edit.action {
            case .remove, .drop: values[field] = nil
            case .set(let value) where edit.path.count == 1: values[field] = value
            case .add(let value) where edit.path.count == 1:
                if case .list(let items)? = values[field] {
                    values[field] = .list(items + [value])
                } else {
                    values[field] = .list([value])
                }
            case .set(let value), .add(let value):
                values[field] = merged(values[field], with: value, at: edit.path.dropFirst())
            }
        }
        return values
    }

    /// A mapping with a value below a path; mappings on the way are made.
    private static func merged(
        _ present: EditValue?, with value: EditValue, at path: ArraySlice<String>
    ) -> EditValue {
        guard let key = path.first else { return value }
        var entries: [EditField] = []
        if case .map(let known)? = present { entries = known }
        let index = entries.firstIndex { $0.key == key }
        let entry = EditField(key, merged(index.map { entries[$0].value }, with: value, at: path.dropFirst()))
        if let index { entries[index] = entry } else { entries.append(entry) }
        return .map(entries)
    }
}
