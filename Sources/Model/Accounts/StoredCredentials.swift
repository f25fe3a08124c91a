/// What requests are proved with: all tokens and sessions of one moment.
public struct StoredCredentials: Sendable {
    /// The tokens.
    public var tokens: [APIToken]
    /// The sessions.
    public var sessions: [LoginSession]

    /// Tokens and sessions.
    public init(tokens: [APIToken] = [], sessions: [LoginSession] = []) {
        self.tokens = tokens
        self.sessions = sessions
    }
}

/// The token that lets the first admin in, as it is stored.
public struct Enrolment: Sendable, Hashable {
    /// The digest of its value.
    public var digest: DigestValue
    /// When it ends.
    public var until: Timestamp

    /// An enrolment token.
    public init(digest: DigestValue, until: Timestamp) {
        self.digest = digest
        self.until = until
    }
}
