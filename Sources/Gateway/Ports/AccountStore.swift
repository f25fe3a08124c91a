public import Model

/// Where tokens, sessions and logins are kept, so that they survive restarts. Every write is on disk when it returns.
public protocol AccountStore: Sendable {
    /// A number that differs after every change of tokens or sessions by any process. Costs microseconds.
    func credentialGeneration() throws -> UInt64
    /// All tokens and sessions.
    func credentials() async throws -> StoredCredentials
    /// Stores a new token.
    func insertToken(_ token: APIToken) async throws
    /// Stores a new session.
    func insertSession(_ session: LoginSession) async throws
    /// Removes tokens and sessions by their ids.
    func deleteCredentials(tokens: [String], sessions: [String]) async throws
    /// Writes when tokens and sessions were last used, by their ids.
    func recordUse(tokens: [String: TokenUse], sessions: [String: Timestamp]) async throws
    /// Appends to the login history.
    func appendLogin(_ record: LoginRecord) async throws
    /// The login history of a user, newest first.
    func logins(userID: String) async throws -> [LoginRecord]
    /// What is remembered of attempts.
    func attempts() async throws -> [AttemptKey: AttemptRecord]
    /// Remembers attempts of some keys; nil forgets a key.
    func recordAttempts(_ records: [AttemptKey: AttemptRecord?]) async throws
    /// The enrolment token, if there is one.
    func enrolment() async throws -> Enrolment?
    /// Replaces the enrolment token; nil: there is none.
    func setEnrolment(_ enrolment: Enrolment?) async throws
    /// Drops sessions that began before `sessions`, tokens that ended and logins that happened before `history`.
    func pruneAccounts(sessions: Timestamp, history: Timestamp) async throws
}
