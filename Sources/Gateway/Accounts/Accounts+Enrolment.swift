import Credentials
public import Model

extension Accounts {
    /// How long an enrolment token is valid; 1 h.
    static let enrolmentLifetime: Int64 = 3600

    /// Whether there is no admin; nil while that is not known.
    public var lacksAdmin: Bool? { users.directory.map { !$0.hasAdmin } }

    /// Makes the token that lets the first admin in, in place of any earlier one.
    ///
    /// - Throws: ``AccountFailure``.
    public func beginEnrolment() async throws(AccountFailure) -> (value: String, until: Timestamp) {
        let value = TokenValue.generate(.enrolment)
        let until = clock.now().advanced(bySeconds: Self.enrolmentLifetime)
        try await stored { try await store.setEnrolment(Enrolment(digest: value.digest, until: until)) }
        return (value.reveal(), until)
    }

    /// Judges an enrolment token, and makes the hash of the first admin's password. The token stays valid until
    /// ``endEnrolment()``: a refused name must not cost it.
    ///
    /// - Throws: ``AccountFailure``.
    public func firstPassword(
        token: String, password: SecretBytes, from origin: LoginOrigin
    ) async throws(AccountFailure) -> String {
        guard try !presentDirectory().hasAdmin else {
            throw .refused(.conflict("there is an admin already: he makes further users"))
        }
        let attempt: AttemptLedger.Attempt
        switch try await stored({
            try await logins.begin(subject: "enrolment token", address: origin.network, at: clock.now())
        }) {
        case .success(let counted): attempt = counted
        case .failure(let wait):
            throw .tooManyAttempts(
                retryAfter: wait.seconds, limit: AttemptPolicy.login.limit, window: AttemptPolicy.login.window)
        }
        let enrolment = try await stored { try await store.enrolment() }
        guard let value = TokenValue(token), value.kind == .enrolment, let enrolment,
            value.digest == enrolment.digest, enrolment.until > clock.now()
        else {
            throw .wrongCredentials("Invalid or expired enrolment token: `wirebuddy serve` prints one when it starts")
        }
        try await stored { try await logins.succeed(attempt, at: clock.now()) }
        return try await passwordHash(of: password)
    }

    /// Makes the enrolment token worthless.
    ///
    /// - Throws: ``AccountFailure``.
    public func endEnrolment() async throws(AccountFailure) {
        try await stored { try await store.setEnrolment(nil) }
    }
}
