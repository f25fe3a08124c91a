public import Model

/// The body of a request of the API: one JSON object, read as strictly as the files of the repository.
public struct JSONBody: Sendable {
    /// The object.
    public let root: Node

    /// Reads a body.
    ///
    /// - Throws: ``MalformedBody`` for what is no JSON object: broken or doubled, nested too deep, no UTF-8.
    public init(_ bytes: [UInt8]) throws(MalformedBody) {
        guard !bytes.isEmpty else { throw MalformedBody(message: "the body is empty: a JSON object is expected") }
        let tree = SyntaxTree(path: "body.json", bytes: bytes)
        if let problem = tree.problems.first {
            throw MalformedBody(message: "\(problem.line):\(problem.column): \(Printable.escaped(problem.message))")
        }
        guard let root = tree.documents.first?.root, case .map = root.content else {
            throw MalformedBody(message: "1:1: the body must be a JSON object")
        }
        self.root = root
    }

    /// A body inside another one: a node that is an object; nil for every other value.
    public init?(_ node: Node) {
        guard case .map = node.content else { return nil }
        root = node
    }

    /// The keys in their order.
    public var keys: [String] { entries.map(\.key.text) }

    /// The value of a key; nil without the key.
    public subscript(key: String) -> JSONValue? { root[key].map(JSONValue.init) }

    var entries: [Entry] { if case .map(let entries) = root.content { entries } else { [] } }
}

/// Why bytes are no body.
public struct MalformedBody: Error, Sendable, Hashable {
    /// `line:column: what is wrong`.
    public var message: String
}

extension JSONValue {
    /// What a node means; a number that is no whole one, or too large, as its text.
    init(_ node: Node) {
        switch node.content {
        case .scalar(let scalar):
            switch scalar.value {
            case .null: self = .null
            case .boolean(let value): self = .boolean(value)
            case .integer(let value): self = .integer(value)
            case .number, .ambiguous, .string: self = .string(scalar.text)
            }
        case .list(let items): self = .array(items.map(JSONValue.init))
        case .map(let entries): self = .object(entries.map { ($0.key.text, JSONValue($0.value)) })
        case .unsupported: self = .null
        }
    }
}

extension Node {
    /// Whether it is `null`.
    var isNull: Bool { if case .scalar(let scalar) = content { scalar.value == .null } else { false } }
}
