public import Gateway
public import HTTPTypes
public import Model

/// One request as an operation sees it: authenticated, permitted, counted, with its body read.
public struct APIRequest: Sendable {
    /// The id of the operation; the operation itself sets it.
    public internal(set) var operation = ""
    /// The method; the operation itself sets it.
    public internal(set) var method = HTTPRequest.Method.get
    /// Who asks.
    public var principal: Principal
    /// The values of the path's parameters, decoded.
    public var path: [String: String]
    /// The query parameters: only names that the operation takes, each at most once.
    public var query: [String: String]
    /// The headers.
    public var headers: HTTPFields
    /// The body, at most 1 MiB.
    public var body: [UInt8]
    /// The request's id: from `X-Request-Id`, or made.
    public var id: String
    /// Where the request comes from, behind trusted proxies; nil at the unix socket.
    public var client: IPAddress?
    /// Whether nobody between could read it: TLS, also that of a trusted proxy, or the unix socket.
    public var isSecure: Bool
    /// The connection it came over; nil at the unix socket.
    public var connection: ConnectionPath?

    /// A request.
    public init(
        principal: Principal, path: [String: String] = [:], query: [String: String] = [:],
        headers: HTTPFields = [:], body: [UInt8] = [], id: String, client: IPAddress? = nil, isSecure: Bool = false
    ) {
        self.principal = principal
        self.path = path
        self.query = query
        self.headers = headers
        self.body = body
        self.id = id
        self.client = client
        self.isSecure = isSecure
    }
}
