import Manifest
import Model

extension Node {
    /// The text of a scalar that is not null.
    var plainText: String? {
        guard case .scalar(let scalar) = content, scalar.value != .null else { return nil }
        return scalar.text
    }

    /// The elements of a list; none for other nodes.
    var elements: [Node] {
        if case .list(let nodes) = content { nodes } else { [] }
    }

    /// The same as a value that can be printed; nil where the answer holds what ours never do.
    var json: JSONValue? {
        switch content {
        case .map(let entries):
            var members: [(String, JSONValue)] = []
            for entry in entries {
                guard let value = entry.value.json else { return nil }
                members.append((entry.key.text, value))
            }
            return .object(members)
        case .list(let nodes):
            let items = nodes.compactMap(\.json)
            return items.count == nodes.count ? .array(items) : nil
        case .scalar(let scalar):
            switch scalar.value {
            case .null: return .null
            case .boolean(let value): return .boolean(value)
            case .integer(let value): return .integer(value)
            case .string: return .string(scalar.text)
            case .number, .ambiguous: return nil
            }
        case .unsupported: return nil
        }
    }
}
