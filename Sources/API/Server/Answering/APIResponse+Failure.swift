import HTTPTypes
import Model

extension APIResponse {
    /// The answer to what was not done: `{"error", "message", "details"}`.
    init(_ failure: APIFailure) {
        var entries: [(String, JSONValue)] = [
            ("error", .string(Self.name(of: failure.status))), ("message", .string(failure.message)),
        ]
        entries += failure.beside
        if let details = failure.details { entries.append(("details", details)) }
        self.init(status: failure.status, headers: failure.headers, json: .object(entries))
    }

    /// The words of a status; those of the contract where the standard has changed them since.
    private static func name(of status: HTTPResponse.Status) -> String {
        switch status.code {
        case 413: "Payload Too Large"
        case 422: "Unprocessable Entity"
        default: status.reasonPhrase
        }
    }
}

/// An answer that was found before there was an operation to give it.
struct FinishedAnswer: Error {
    let answer: APIResponse

    init(_ answer: APIResponse) {
        self.answer = answer
    }
}

extension APIFailure {
    /// 429, with the documented sentence and fields.
    init(_ verdict: RateLimiter.Verdict) {
        let seconds = max(1, verdict.reset)
        self.init(
            .tooManyRequests, "Rate limit exceeded. Try again in \(seconds) seconds",
            headers: [.retryAfter: "\(seconds)"])
        beside = [
            ("retry_after", .number(seconds)), ("limit", .number(verdict.limit.count)),
            ("window", .number(verdict.limit.window)),
        ]
    }
}
