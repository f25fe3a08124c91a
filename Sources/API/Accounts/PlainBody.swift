import Gateway
import HTTPTypes
import Manifest
import Model

/// A JSON body with a fixed set of fields that no kind describes: logins, tokens. Unknown fields are refused.
struct PlainBody {
    private let root: Node
    private var faults: [InvalidField] = []

    /// Reads a body: an object with no other fields than `fields`.
    ///
    /// - Throws: ``APIFailure``: 400 for what is no JSON object, 422 for unknown fields.
    init(_ bytes: [UInt8], fields: [String]) throws(APIFailure) {
        let tree = SyntaxTree(path: "body.json", bytes: bytes)
        if let problem = tree.problems.first {
            throw APIFailure(
                .badRequest, "the body is not valid JSON: \(problem.line):\(problem.column): \(problem.message)")
        }
        guard let root = tree.documents.first?.root, case .map(let entries) = root.content else {
            throw APIFailure(.badRequest, "the body must be a JSON object")
        }
        self.root = root
        let unknown = entries.map(\.key.text).filter { !fields.contains($0) }
        guard unknown.isEmpty else {
            throw .invalid(
                unknown.map {
                    InvalidField($0, "unknown field \"\($0)\": fields are \(fields.joined(separator: ", "))")
                })
        }
    }

    /// A text that must be there; without one the body is refused by ``check()``.
    mutating func text(_ field: String, count: ClosedRange<Int>) -> String {
        guard let node = root[field] else {
            faults.append(InvalidField(field, "\(field) is missing"))
            return ""
        }
        guard case .scalar(let scalar) = node.content, scalar.value == .string else {
            faults.append(InvalidField(field, "\(field) must be a string"))
            return ""
        }
        guard count.contains(scalar.text.unicodeScalars.count) else {
            faults.append(
                InvalidField(field, "\(field) must have \(count.lowerBound) to \(count.upperBound) characters"))
            return ""
        }
        return scalar.text
    }

    /// A secret text that must be there.
    mutating func secret(_ field: String) -> SecretBytes {
        SecretBytes(Array(text(field, count: 1...1024).utf8))
    }

    /// One of some words; nil when it isn't given.
    mutating func word<Word: RawRepresentable<String> & CaseIterable>(_ field: String, _ type: Word.Type) -> Word? {
        guard let node = root[field] else { return nil }
        if case .scalar(let scalar) = node.content, scalar.value == .string, let word = Word(rawValue: scalar.text) {
            return word
        }
        let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
        faults.append(InvalidField(field, "\(field) must be one of \(words)"))
        return nil
    }

    /// Yes or no; nil when it isn't given.
    mutating func boolean(_ field: String) -> Bool? {
        guard let node = root[field] else { return nil }
        if case .scalar(let scalar) = node.content, case .boolean(let value) = scalar.value { return value }
        faults.append(InvalidField(field, "\(field) must be true or false"))
        return nil
    }

    /// A list of addresses and prefixes; empty when it isn't given.
    mutating func prefixes(_ field: String, atMost limit: Int) -> [Prefix] {
        guard let node = root[field] else { return [] }
        guard case .list(let items) = node.content, items.count <= limit else {
            faults.append(InvalidField(field, "\(field) must be a list of at most \(limit) addresses and prefixes"))
            return []
        }
        return items.compactMap { item in
            if case .scalar(let scalar) = item.content, scalar.value == .string, let prefix = Prefix(scalar.text) {
                return prefix
            }
            faults.append(
                InvalidField(field, "\(field) must hold addresses and prefixes like \"203.0.113.0/24\""))
            return nil
        }
    }

    /// Refuses the body if any field was not as it must be.
    ///
    /// - Throws: ``APIFailure``: 422 with the fields.
    func check() throws(APIFailure) {
        if !faults.isEmpty { throw .invalid(faults) }
    }
}
