/// Why something about accounts was not done.
public enum AccountFailure: Error, Sendable, Hashable {
    /// User name or password is wrong, the user may not log in, or the token is not valid: nothing tells which.
    case wrongCredentials(String)
    /// Too many attempts: after how many seconds the next one is looked at, and what the limit is.
    case tooManyAttempts(retryAfter: Int64, limit: Int, window: Int64)
    /// Too many passwords are being looked at.
    case busy
    /// His role, or the permission of what he proved himself with, does not suffice.
    case forbidden
    /// There is nothing of that id that he may see.
    case notFound
    /// Users are not known yet.
    case unavailable(String)
    /// What is refused of the input, or of the repository.
    case refused(GatewayFailure)
}

extension AccountFailure: CustomStringConvertible {
    /// One line, lower case, without full stop.
    public var description: String {
        switch self {
        case .wrongCredentials(let what), .unavailable(let what): what
        case .tooManyAttempts(let seconds, _, _): "too many attempts: try again in \(seconds) seconds"
        case .busy: "too many passwords are being checked: try again in a moment"
        case .forbidden: "insufficient permissions for this operation"
        case .notFound: "no such token"
        case .refused(let failure): failure.description
        }
    }
}
