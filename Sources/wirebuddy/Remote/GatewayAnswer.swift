import Manifest

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
