public import Gateway
public import HTTPTypes
public import Model

/// Why a request was not done: `{"error", "message", "details"}`.
public struct APIFailure: Error, Sendable {
    /// The status; its reason phrase is `error`.
    public var status: HTTPResponse.Status
    /// What is wrong and what to do, for people.
    public var message: String
    /// What programs need to know; nil: nothing.
    public var details: JSONValue?
    /// Headers besides those of every answer: `Retry-After`, `Allow`.
    public var headers: HTTPFields
    /// What stands beside `error`, `message` and `details`.
    public var beside: [(String, JSONValue)] = []

    /// A failure.
    public init(
        _ status: HTTPResponse.Status, _ message: String, details: JSONValue? = nil, headers: HTTPFields = [:]
    ) {
        self.status = status
        self.message = message
        self.details = details
        self.headers = headers
    }

    /// 401, with the documented sentence.
    public static let unauthorized = APIFailure(.unauthorized, "Invalid or missing authentication token")
    /// 403, with the documented sentence.
    public static let forbidden = APIFailure(.forbidden, "Insufficient permissions for this operation")
    /// 404; also for what belongs to somebody else.
    public static let notFound = APIFailure(.notFound, "Resource not found")

    /// 429, with the documented sentence and fields.
    public static func tooManyRequests(retryAfter: Int64, limit: Int, window: Int64) -> APIFailure {
        var failure = APIFailure(
            .tooManyRequests, "Rate limit exceeded. Try again in \(retryAfter) seconds",
            headers: [.retryAfter: String(retryAfter)])
        failure.beside = [
            ("retry_after", .integer(retryAfter)), ("limit", .number(limit)), ("window", .integer(window)),
        ]
        return failure
    }

    /// 422 with the fields.
    public static func invalid(_ fields: [InvalidField]) -> APIFailure {
        APIFailure(
            .unprocessableContent, fields.count == 1 ? fields[0].message : "\(fields.count) fields are not valid",
            details: .object([
                (
                    "fields",
                    .array(
                        fields.map { .object([("field", .string($0.field)), ("message", .string($0.message))]) })
                )
            ]))
    }

    /// What a use case refused.
    public init(_ failure: GatewayFailure) {
        switch failure {
        case .notFound, .unknownRevision: self.init(.notFound, failure.description)
        case .malformed: self.init(.badRequest, failure.description)
        case .ambiguous, .alreadyExists, .conflict: self.init(.conflict, failure.description)
        case .invalidFields(_, _, let fields): self = .invalid(fields)
        case .refusedByRail(let rails):
            let rows = rails.map { rail in
                JSONValue.object([
                    ("rail", .string(rail.rail)), ("message", .string(rail.message)),
                    ("digest", .string(rail.digest)),
                ])
            }
            self.init(
                .conflict, "a rail refuses this write", details: .object([("rails", .array(rows))]))
        case .readOnly: self.init(.forbidden, failure.description)
        case .dirty(let paths):
            self.init(
                .conflict, failure.description, details: .object([("files", .array(paths.map(JSONValue.string)))]))
        case .invalidRepository(let problems):
            self.init(
                .conflict, failure.description,
                details: .object([("problems", .array(problems.map(JSONValue.string)))]))
        case .secret: self.init(.conflict, failure.description)
        case .changed(let tag):
            self.init(.preconditionFailed, failure.description, details: .object([("etag", .string(tag))]))
        case .part(let number, let failure):
            self.init(failure)
            details = .object([("index", .number(number))] + (details?.entries ?? []))
        case .failed: self.init(.internalServerError, failure.description)
        }
    }
}
