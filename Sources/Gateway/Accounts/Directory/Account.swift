public import Credentials
public import Manifest
public import Model

/// A user as he holds now: the row that the last pass left.
public struct Account: Sendable, Hashable {
    /// The id.
    public var id: String
    /// The name.
    public var username: String
    /// The mail address; empty: none.
    public var email: String
    /// The full name; empty: none.
    public var fullName: String
    /// What he may do.
    public var role: UserRole
    /// Whether he may log in and use tokens.
    public var enabled: Bool
    /// The hash of his password; nil: he can't log in.
    public var passwordHash: PasswordHash?

    /// A user.
    public init(
        id: String, username: String, email: String = "", fullName: String = "", role: UserRole, enabled: Bool = true,
        passwordHash: PasswordHash? = nil
    ) {
        self.id = id
        self.username = username
        self.email = email
        self.fullName = fullName
        self.role = role
        self.enabled = enabled
        self.passwordHash = passwordHash
    }

    /// A projected user. A hash that is none counts as no password.
    public init(_ user: ProjectedUser) {
        self.init(
            id: user.id, username: user.username, email: user.email, fullName: user.fullName, role: user.role,
            enabled: user.enabled, passwordHash: user.passwordHash.flatMap(PasswordHash.init))
    }

    /// A declared user. A hash that is none counts as no password.
    public init(_ user: User, in tree: ManifestTree) {
        self.init(user, repositoryID: tree.settings.repositoryID)
    }

    /// A declared user of a repository. A hash that is none counts as no password.
    public init(_ user: User, repositoryID: String?) {
        self.init(
            id: user.identifier(repositoryID: repositoryID, digest: BLAKE2b256()), username: user.username,
            email: user.email, fullName: user.fullName, role: user.role, enabled: user.enabled,
            passwordHash: user.passwordHash.flatMap(PasswordHash.init))
    }

    /// What tells one password from another without being its hash.
    var passwordMark: DigestValue { BLAKE2b256().digest(Array((passwordHash?.text ?? "").utf8)) }
}
