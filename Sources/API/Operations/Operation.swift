public import Gateway
public import HTTPTypes

/// One operation of the API: the row from which router, authorisation and the comparison with the OpenAPI document come.
public struct Operation: Sendable {
    /// What the operation does with a request.
    public typealias Handler = @Sendable (APIRequest, APIServices) async throws -> APIResponse

    /// Reads a request as a write. What depends on the present head is decided in the intent, not here.
    typealias WriteMaker = @Sendable (APIRequest, APIServices) async throws(APIFailure) -> APIWrite

    /// The stable `operationId`: `listPeers`.
    public let id: String
    /// The method.
    public let method: HTTPRequest.Method
    /// The path with its parameters: `/api/peers/{id}`.
    public let path: String
    /// Who may use it.
    public let access: Access
    /// The query parameters it takes; any other is refused (400).
    public let query: Set<String>
    /// How its requests are counted.
    public let rate: RateClass
    let handler: Handler
    /// What it writes; nil where it reads, or writes elsewhere than into the repository.
    let write: WriteMaker?

    /// An operation.
    public init(
        _ id: String, _ method: HTTPRequest.Method, _ path: String, access: Access, query: Set<String> = [],
        rate: RateClass? = nil, handler: @escaping Handler
    ) {
        self.id = id
        self.method = method
        self.path = path
        self.access = access
        self.query = query
        self.rate = rate ?? (method == .get ? .read : .write)
        self.handler = { request, services in
            var request = request
            request.operation = id
            request.method = method
            return try await handler(request, services)
        }
        write = nil
    }

    /// An operation that writes into the repository, alone or as a part of a batch.
    init(
        _ id: String, _ method: HTTPRequest.Method, _ path: String, access: Access = .admin, query: Set<String> = [],
        writing write: @escaping WriteMaker
    ) {
        self.id = id
        self.method = method
        self.path = path
        self.access = access
        self.query = query.union(Self.writeQuery)
        rate = .write
        self.write = write
        handler = { request, services in
            var request = request
            request.operation = id
            request.method = method
            // What stands in the query is refused before anything of the body is.
            _ = try (request.wait(), request.flag("dry_run"), request.approvals())
            return try await services.perform(try await write(request, services), for: request)
        }
    }

    /// What every write takes.
    static let writeQuery: Set<String> = ["wait", "dry_run", "approve"]

    /// Whether it changes nothing.
    public var isRead: Bool { method == .get || method == .head }
}

/// How requests of an operation are counted against the rate limits.
public enum RateClass: String, Sendable, Hashable, CaseIterable {
    /// 100 per minute, anonymous 10.
    case read
    /// 30 per minute, anonymous 5.
    case write
    /// 5 per 15 minutes per user and address.
    case login
    /// 3 per hour.
    case password
    /// Not counted: health.
    case exempt
}
