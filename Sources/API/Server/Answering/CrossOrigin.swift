import HTTPTypes

/// Which pages of other origins may read answers. Never with cookies: `Access-Control-Allow-Credentials` is not sent.
struct CrossOrigin: Sendable {
    private let origins: Set<String>
    private let isOpen: Bool

    init(_ origins: [String]) {
        self.origins = Set(origins)
        isOpen = origins.contains("*")
    }

    /// Whether any page of another origin may.
    var isActive: Bool { !origins.isEmpty }

    /// The headers of an answer to a page.
    func fields(for origin: String?) -> HTTPFields {
        guard isActive else { return [:] }
        var fields: HTTPFields = [.vary: "Origin"]
        guard let origin, isOpen || origins.contains(origin) else { return fields }
        fields[.accessControlAllowOrigin] = isOpen ? "*" : origin
        fields[.accessControlExposeHeaders] =
            "ETag, Retry-After, X-Request-Id, X-WireBuddy-Revision, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset"
        return fields
    }

    /// The answer to a browser that asks before it sends a request; nil: it is no such question.
    func preflight(_ request: HTTPRequest, allowed: String) -> APIResponse? {
        guard request.method == .options, request.headerFields[.accessControlRequestMethod] != nil,
            let origin = request.headerFields[.origin], isActive
        else { return nil }
        var fields = fields(for: origin)
        if fields[.accessControlAllowOrigin] != nil {
            fields[.accessControlAllowMethods] = allowed
            fields[.accessControlAllowHeaders] =
                "Authorization, Content-Type, If-Match, Idempotency-Key, X-Request-Id, X-Requested-With"
            fields[.accessControlMaxAge] = "600"
        }
        return APIResponse(status: .noContent, headers: fields)
    }
}
