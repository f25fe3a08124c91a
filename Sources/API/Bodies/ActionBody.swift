import Gateway
import HTTPTypes
import Manifest
import Model

/// The body of a request that is no resource: an object of a few fields, each looked at by name. What is wrong is
/// gathered and refused at once.
struct ActionBody {
    let entries: [Entry]
    var known: Set<String> = []
    private(set) var faults: [InvalidField] = []

    /// Reads a body; an empty one is an object without fields.
    ///
    /// - Throws: ``APIFailure``: 400 for what is no JSON object, 415 for another type.
    init(_ request: APIRequest) throws(APIFailure) {
        guard !request.body.isEmpty else {
            entries = []
            return
        }
        try Self.requireJSON(request.headers[.contentType])
        let tree = SyntaxTree(path: "body.json", bytes: request.body)
        guard let root = tree.documents.first?.root, tree.problems.isEmpty else {
            let problem = tree.problems.first
            let place = problem.map { "line \($0.line), column \($0.column): \($0.message)" } ?? "it is empty"
            throw APIFailure(.badRequest, "the body is not valid JSON: \(place)")
        }
        guard case .map(let entries) = root.content else {
            throw APIFailure(.badRequest, "the body must be a JSON object")
        }
        self.entries = entries
    }

    private static func requireJSON(_ type: String?) throws(APIFailure) {
        let media = type?.prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        guard media == "application/json" else {
            throw APIFailure(.unsupportedMediaType, "the body must be application/json")
        }
    }

    /// A text; nil when it is missing or null.
    mutating func string(_ field: String) -> String? {
        guard let node = node(field) else { return nil }
        guard case .scalar(let scalar) = node.content, scalar.value == .string else {
            refuse(field, "\(field) must be a string")
            return nil
        }
        return scalar.text
    }

    /// A list of texts; empty when it is missing or null.
    mutating func strings(_ field: String) -> [String] {
        guard let node = node(field) else { return [] }
        var texts: [String] = []
        if case .list(let items) = node.content {
            for item in items {
                guard case .scalar(let scalar) = item.content, scalar.value == .string else { break }
                texts.append(scalar.text)
            }
            if texts.count == items.count { return texts }
        }
        refuse(field, "\(field) must be a list of strings")
        return []
    }

    /// Texts by their names, in the order they were given; nil when it is missing or null.
    mutating func texts(_ field: String) -> [(String, String)]? {
        guard let node = node(field) else { return nil }
        var texts: [(String, String)] = []
        if case .map(let entries) = node.content {
            for entry in entries {
                guard case .scalar(let scalar) = entry.value.content, scalar.value == .string else { break }
                texts.append((entry.key.text, scalar.text))
            }
            if texts.count == entries.count { return texts }
        }
        refuse(field, "\(field) must be an object of strings")
        return nil
    }

    /// Notes that a field is not as it must be.
    mutating func refuse(_ field: String, _ message: String) { faults.append(InvalidField(field, message)) }

    /// Refuses the body if anything was wrong, or if it holds a field that nobody asked for.
    ///
    /// - Throws: ``APIFailure``, 422.
    func finish() throws(APIFailure) {
        // As many as anybody reads.
        let unknown = entries.map(\.key.text).filter { !known.contains($0) }.prefix(100)
            .map { InvalidField($0, "unknown field \"\($0)\": fields are \(known.sorted().joined(separator: ", "))") }
        let all = faults + unknown
        guard all.isEmpty else { throw .invalid(all) }
    }

    private mutating func node(_ field: String) -> Node? {
        known.insert(field)
        guard let node = entries.first(where: { $0.key.text == field })?.value else { return nil }
        if case .scalar(let scalar) = node.content, scalar.value == .null { return nil }
        return node
    }
}
