import Manifest
import Model

extension JSONValue {
    /// Reads a YAML or JSON text. Numbers with a fraction are those of ``JSONValue/decimal(units:places:)``.
    init(text: [UInt8], path: String) throws(OpenAPIFailure) {
        let tree = SyntaxTree(path: path, bytes: text)
        if let problem = tree.problems.first {
            throw OpenAPIFailure("\(path):\(problem.line):\(problem.column): \(problem.message)")
        }
        guard let document = tree.documents.first, tree.documents.count == 1 else {
            throw OpenAPIFailure("\(path) must hold one document")
        }
        try self.init(document.root, path: path)
    }

    private init(_ node: Node, path: String) throws(OpenAPIFailure) {
        switch node.content {
        case .map(let entries):
            var members: [(String, JSONValue)] = []
            for entry in entries { members.append((entry.key.text, try JSONValue(entry.value, path: path))) }
            self = .object(members)
        case .list(let nodes):
            var items: [JSONValue] = []
            for node in nodes { items.append(try JSONValue(node, path: path)) }
            self = .array(items)
        case .scalar(let scalar):
            switch scalar.value {
            case .null: self = .null
            case .boolean(let value): self = .boolean(value)
            case .integer(let value): self = .integer(value)
            case .string: self = .string(scalar.text)
            case .number:
                guard let value = Self.decimal(scalar.text) else { throw Self.unsupported(node, path) }
                self = value
            case .ambiguous: throw Self.unsupported(node, path)
            }
        case .unsupported: throw Self.unsupported(node, path)
        }
    }

    private static func decimal(_ text: String) -> JSONValue? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...9).contains(parts[1].utf8.count), let units = Int64(parts[0] + parts[1]) else {
            return nil
        }
        return .decimal(units: units, places: parts[1].utf8.count)
    }

    private static func unsupported(_ node: Node, _ path: String) -> OpenAPIFailure {
        OpenAPIFailure("\(path):\(node.range.start.line): this form is not supported here")
    }

    /// The members of an object; none for other values.
    var members: [(String, JSONValue)] {
        if case .object(let entries) = self { entries } else { [] }
    }

    /// The elements of a list; none for other values.
    var items: [JSONValue] {
        if case .array(let items) = self { items } else { [] }
    }

    /// The text of a string; nil for other values.
    var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The targets of all `$ref` in it.
    var references: [String] {
        members.flatMap { key, value in key == "$ref" ? [value.text].compactMap(\.self) : value.references }
            + items.flatMap(\.references)
    }

    /// The value with another one below the keys `path`; a missing member is added behind the others.
    func replacing(_ path: ArraySlice<String>, _ change: (JSONValue?) -> JSONValue) -> JSONValue {
        guard let key = path.first else { return change(self) }
        let rest = path.dropFirst()
        func inner(_ value: JSONValue?) -> JSONValue {
            rest.isEmpty ? change(value) : (value ?? .object([])).replacing(rest, change)
        }
        guard self[key] != nil else { return .object(members + [(key, inner(nil))]) }
        return .object(members.map { $0.0 == key ? (key, inner($0.1)) : $0 })
    }
}
