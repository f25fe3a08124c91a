import Manifest
import Model
import Reconciler

/// What a gateway answered over HTTP.
struct GatewayAnswer: Sendable {
    /// The status of HTTP.
    let status: Int
    /// The headers by their names in lower case.
    let headers: [String: String]
    /// The content.
    let body: [UInt8]

    /// The document; nil when the content is no JSON.
    var document: Node? {
        let tree = SyntaxTree(path: "answer.json", bytes: body)
        return tree.problems.isEmpty ? tree.documents.first?.root : nil
    }

    /// What an answer of success is about.
    var data: Node? { document.flatMap { $0["data"] } }

    /// Why the gateway did not do it: its words, else the status.
    var reason: String {
        document.flatMap { $0["message"]?.plainText } ?? "it answered with status \(status)"
    }
}

/// Somebody who answers questions of the REST API: the daemon of this host, or a gateway elsewhere.
protocol GatewayConversation: Sendable {
    /// How people call it.
    var name: String { get }

    /// Reads.
    ///
    /// - Throws: ``CommandFailure`` when there is no answer.
    func get(_ target: String) async throws(CommandFailure) -> GatewayAnswer
}

extension LocalSocket: GatewayConversation {
    var name: String { "the daemon at \(path)" }

    func get(_ target: String) async throws(CommandFailure) -> GatewayAnswer {
        do throws(LocalSocketFailure) {
            let (status, body) = try await exchange(.get, target, nil, within: .seconds(30))
            return GatewayAnswer(status: status, headers: [:], body: body)
        } catch {
            throw CommandFailure(.error, error.description)
        }
    }
}

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
