import HTTPTypes

/// The headers of every answer.
struct AnswerHeaders: Sendable {
    private let plain: HTTPFields
    private let secure: HTTPFields

    init() {
        var fields = HTTPFields()
        fields[.xContentTypeOptions] = "nosniff"
        fields[.cacheControl] = "no-store"
        fields[.referrerPolicy] = "no-referrer"
        fields[.contentSecurityPolicy] =
            "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
        plain = fields
        fields[.strictTransportSecurity] = "max-age=31536000"
        secure = fields
    }

    /// The headers of an answer: those of every one, and its own in their place.
    func fields(_ own: HTTPFields, isSecure: Bool) -> HTTPFields {
        var fields = isSecure ? secure : plain
        for field in own { fields[field.name] = nil }
        for field in own { fields.append(field) }
        if own[.contentType]?.hasPrefix("text/html") == true, own[.contentSecurityPolicy] == nil {
            fields[.contentSecurityPolicy] = Self.pagePolicy
        }
        return fields
    }

    /// Pages carry their styles and scripts, and speak to this server only.
    private static let pagePolicy =
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src 'self' data: blob:;"
        + " connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
}

extension HTTPField.Name {
    static let referrerPolicy = known("Referrer-Policy")
    static let requestID = known("X-Request-Id")
    static let wireBuddyRevision = known("X-WireBuddy-Revision")
    static let rateLimit = known("X-RateLimit-Limit")
    static let rateRemaining = known("X-RateLimit-Remaining")
    static let rateReset = known("X-RateLimit-Reset")
    static let forwardedFor = known("X-Forwarded-For")
    static let forwardedProtocol = known("X-Forwarded-Proto")
    static let fetchSite = known("Sec-Fetch-Site")
    static let requestedWith = known("X-Requested-With")

    /// A name that is a token, as every one above is.
    private static func known(_ name: String) -> HTTPField.Name {
        guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is no name of a header") }
        return name
    }
}
