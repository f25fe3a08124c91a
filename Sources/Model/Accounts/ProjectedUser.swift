/// A user as the database holds him: the row that logins and tokens are judged by.
public struct ProjectedUser: Sendable, Hashable {
    /// The stable id, a lower-case UUID: tokens, sessions and the login history refer to it.
    public var id: String
    /// The name as declared.
    public var username: String
    /// The mail address; empty: none.
    public var email: String
    /// The full name.
    public var fullName: String
    /// Free text.
    public var description: String
    /// What he may do.
    public var role: UserRole
    /// Whether he may log in and use tokens.
    public var enabled: Bool
    /// The Argon2id string of his password; nil: he can't log in.
    public var passwordHash: String?

    /// A row.
    public init(
        id: String, username: String, email: String = "", fullName: String = "", description: String = "",
        role: UserRole = .user, enabled: Bool = true, passwordHash: String? = nil
    ) {
        self.id = id
        self.username = username
        self.email = email
        self.fullName = fullName
        self.description = description
        self.role = role
        self.enabled = enabled
        self.passwordHash = passwordHash
    }

    /// The row of a declared user.
    public init(_ user: User, id: String) {
        self.init(
            id: id, username: user.username, email: user.email, fullName: user.fullName,
            description: user.description, role: user.role, enabled: user.enabled, passwordHash: user.passwordHash)
    }

    /// The order of rows: by the bytes of the name, then of the id.
    public static func order(_ a: ProjectedUser, _ b: ProjectedUser) -> Bool {
        a.username.utf8.elementsEqual(b.username.utf8)
            ? a.id.utf8.lexicographicallyPrecedes(b.id.utf8)
            : a.username.utf8.lexicographicallyPrecedes(b.username.utf8)
    }
}
