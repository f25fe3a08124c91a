/// A value to write into a file; also what a node of a file means.
///
/// Strings are equal when their bytes are.
public enum EditValue: Sendable, Equatable {
    /// `null`
    case null
    /// `true` or `false`
    case boolean(Bool)
    /// A whole number.
    case integer(Int64)
    /// A text.
    case string(String)
    /// A sequence.
    case list([EditValue])
    /// A mapping in the order it is written; keys are unique.
    case map([EditField])

    /// Compares strings by bytes, mappings without regard to their order.
    public static func == (left: EditValue, right: EditValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.boolean(let left), .boolean(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.list(let left), .list(let right)): left == right
        case (.map(let left), .map(let right)):
            left.count == right.count && left.allSatisfy { field in right.contains { $0 == field } }
        default: false
        }
    }

    /// Whether a node of a text means this value.
    func matches(_ node: Node) -> Bool {
        switch (self, node.content) {
        case (.null, .scalar(let scalar)): return scalar.value == .null
        case (.boolean(let value), .scalar(let scalar)): return scalar.value == .boolean(value)
        case (.integer(let value), .scalar(let scalar)): return scalar.value == .integer(value)
        case (.string(let text), .scalar(let scalar)):
            return scalar.value == .string && scalar.text.utf8.elementsEqual(text.utf8)
        case (.list(let items), .list(let nodes)):
            return items.count == nodes.count && zip(items, nodes).allSatisfy { $0.matches($1) }
        case (.map(let fields), .map(let entries)):
            guard fields.count == entries.count else { return false }
            if zip(fields, entries).allSatisfy({ $0.key.utf8.elementsEqual($1.key.text.utf8) }) {
                return zip(fields, entries).allSatisfy { $0.value.matches($1.value) }
            }
            return fields.allSatisfy { field in node[field.key].map { field.value.matches($0) } ?? false }
        default: return false
        }
    }

    /// Whether it holds other values.
    var isNonEmptyCollection: Bool {
        switch self {
        case .list(let items): !items.isEmpty
        case .map(let fields): !fields.isEmpty
        default: false
        }
    }
}

/// One field of a mapping to write.
public struct EditField: Sendable, Equatable {
    /// The key.
    public var key: String
    /// The value.
    public var value: EditValue

    /// Makes a field.
    public init(_ key: String, _ value: EditValue) {
        self.key = key
        self.value = value
    }

    /// Compares the bytes of keys.
    public static func == (left: EditField, right: EditField) -> Bool {
        left.key.utf8.elementsEqual(right.key.utf8) && left.value == right.value
    }
}
