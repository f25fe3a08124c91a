import Gateway
import HTTPTypes
import Model

extension APIFailure {
    /// What a use case of accounts refused.
    init(_ failure: AccountFailure) {
        switch failure {
        case .wrongCredentials(let message): self.init(.unauthorized, message)
        case .tooManyAttempts(let seconds, let limit, let window):
            self = .tooManyRequests(retryAfter: seconds, limit: limit, window: window)
        case .busy: self.init(.serviceUnavailable, failure.description, headers: [.retryAfter: "1"])
        case .forbidden: self = .forbidden
        case .notFound: self = .notFound
        case .unavailable(let why): self.init(.serviceUnavailable, why, headers: [.retryAfter: "1"])
        case .refused(let failure): self.init(failure)
        }
    }
}
