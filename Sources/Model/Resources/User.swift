/// Who may use the API, as `kind: User` declares it. Every field has its default resolved.
public struct User: Sendable, Equatable {
    /// The name, unique without regard to case: 3-32 ASCII letters, digits, `.`, `_` and `-`, the first one a letter or
    /// digit.
    public var username: String
    /// The stable id when the document gives one, a lower-case UUID.
    public var id: String?
    /// The mail address, unique without regard to case; empty: none.
    public var email = ""
    /// The full name; free text.
    public var fullName = ""
    /// Free text.
    public var description = ""
    /// What he may do.
    public var role: UserRole = .user
    /// Whether he may log in and use tokens.
    public var enabled = true
    /// The Argon2id string of his password (`$argon2id$v=19$…`); nil: he can't log in, tokens work.
    public var passwordHash: String?
    /// Where the document begins.
    public var location: SourceLocation

    /// A user with the required fields; everything else has its default.
    public init(username: String, location: SourceLocation) {
        self.username = username
        self.location = location
    }
}
