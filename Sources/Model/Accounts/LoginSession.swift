/// A session that a login began, as it is stored: not the value of its token, only its digest.
public struct LoginSession: Sendable, Hashable {
    /// The id, a lower-case UUID.
    public var id: String
    /// The digest of the token's value.
    public var digest: DigestValue
    /// The id of the user.
    public var userID: String
    /// The digest of the password's hash at the login: with another password the session is over.
    public var password: DigestValue
    /// When it began.
    public var createdAt: Timestamp
    /// When it was last used, within a minute.
    public var lastSeenAt: Timestamp

    /// A session.
    public init(
        id: String, digest: DigestValue, userID: String, password: DigestValue, createdAt: Timestamp,
        lastSeenAt: Timestamp
    ) {
        self.id = id
        self.digest = digest
        self.userID = userID
        self.password = password
        self.createdAt = createdAt
        self.lastSeenAt = lastSeenAt
    }
}
