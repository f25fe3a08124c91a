import Gateway
import HTTPTypes
import Model

/// One request on its way to its answer.
struct Exchange: Sendable {
    let head: HTTPRequest
    let connection: Connection
    let target: RequestTarget
    /// The request's id.
    let id: String
    /// Where it comes from, behind trusted proxies; nil at the unix socket.
    let client: IPAddress?
    /// Whether it was encrypted on its way.
    let isSecure: Bool
    /// What it presents to show who makes it.
    let proof: PresentedProof
    /// Who makes it.
    var principal = Principal.anonymous
    /// The operation's id, for the log: paths hold names, and queries may hold tokens.
    var operation = "none"
    /// Headers of the answer that were found out on the way.
    var headers: HTTPFields = [:]
    /// Whether the body was read to its end.
    var hasReadBody = false

    init(_ head: HTTPRequest, over connection: Connection, id: String, trustedProxies: [Prefix]) {
        self.head = head
        self.connection = connection
        self.id = id
        target = RequestTarget(head.path ?? "")
        switch connection.origin {
        case .local:
            client = nil
            isSecure = false
            proof = PresentedProof()
        case .scraper(let peer):
            client = peer
            isSecure = false
            proof = PresentedProof()
        case .remote(let peer):
            let sender = ForwardedClient(peer, head.headerFields, trustedProxies)
            client = sender.address
            isSecure = connection.isSecure || sender.isSecure
            proof = PresentedProof(
                bearer: head.headerFields[.authorization].flatMap(Self.bearer),
                cookie: head.headerFields[.cookie].flatMap(Self.cookie),
                query: target.firstValue(of: "token"))
        }
    }

    /// Whether it came over the unix socket.
    var isLocal: Bool { client == nil }

    /// Whether it came to the listener where only metrics are answered.
    var isScrape: Bool { if case .scraper = connection.origin { true } else { false } }

    /// The client as the log names it.
    var clientText: String { client?.description ?? "socket" }

    /// The query parameters that the operation takes. `token` is the proof, wherever it stands.
    func query(_ operation: Operation) throws(APIFailure) -> [String: String] {
        if proof.query == nil { return try target.query(operation.query) }
        var query = try target.query(operation.query.union(["token"]))
        query["token"] = nil
        return query
    }

    /// The request as the operation sees it.
    func request(_ path: [String: String], _ query: [String: String], _ body: [UInt8]) -> APIRequest {
        var request = APIRequest(
            principal: principal, path: path, query: query, headers: head.headerFields, body: body, id: id,
            client: client, isSecure: isSecure)
        request.connection = connection.path
        return request
    }

    /// Whether he has shown who he is by the cookie alone, which browsers send for every page.
    var isProvedByCookie: Bool { proof.bearer == nil && proof.query == nil && proof.cookie != nil }

    private static func bearer(_ value: String) -> String? {
        let parts = value.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else { return "" }
        return String(parts[1].drop { $0 == " " })
    }

    private static func cookie(_ value: String) -> String? {
        for pair in value.split(separator: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, parts[0].drop(while: { $0 == " " }) == "auth_token" else { continue }
            return String(parts[1])
        }
        return nil
    }
}
