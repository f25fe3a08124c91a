public import Model

/// Who says who somebody is.
public protocol Authenticator: Sendable {
    /// Judges what a request presents.
    ///
    /// - Parameter client: where it comes from; nil at the unix socket.
    func authenticate(_ proof: PresentedProof, from client: IPAddress?) async -> Authentication
}

/// What a request presents to show who makes it.
public struct PresentedProof: Sendable {
    /// The token of `Authorization: Bearer`.
    public var bearer: String?
    /// The value of the cookie `auth_token`.
    public var cookie: String?
    /// The value of `?token=`.
    public var query: String?

    /// What a request presents.
    public init(bearer: String? = nil, cookie: String? = nil, query: String? = nil) {
        self.bearer = bearer
        self.cookie = cookie
        self.query = query
    }
}

/// What was found.
public enum Authentication: Sendable, Hashable {
    /// He is who he says; or nothing was presented and he is anonymous.
    case known(Principal)
    /// What was presented is not valid; a hint for people, if there is one that tells attackers nothing.
    case refused(hint: String?)
    /// There is no admin yet: only health and enrolment answer.
    case notEnrolled
    /// It can't be found out now: why.
    case unavailable(String)
}
