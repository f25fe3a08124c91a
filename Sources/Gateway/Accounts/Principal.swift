public import Model

/// Who makes a request, with the rights that hold for it: the lesser of what the token was given and what its owner's
/// role allows in the applied revision.
public struct Principal: Sendable, Hashable {
    /// By what somebody showed who he is.
    public enum Proof: Sendable, Hashable {
        /// By nothing.
        case none
        /// By the credentials of the process at the other end of the unix socket.
        case socket
        /// By a session token of a login; its id.
        case session(id: String)
        /// By an API token; its id and name.
        case token(id: String, name: String)
    }

    /// What a token lets its holder do.
    public typealias Permission = TokenPermission

    /// By what he showed who he is.
    public var proof: Proof
    /// The id of the user; empty for nobody and at the socket.
    public var userID: String
    /// The user name, or the login name at the socket; empty for nobody.
    public var username: String
    /// The address for commits; empty for nobody.
    public var email: String
    /// The role in the applied revision.
    public var role: UserRole
    /// What the token allows; `full` for sessions and the socket.
    public var permission: Permission
    /// Whether private keys of devices may be read by this proof.
    public var allowsSecrets: Bool

    /// A principal.
    public init(
        proof: Proof, userID: String, username: String, email: String, role: UserRole,
        permission: Permission = .full, allowsSecrets: Bool = true
    ) {
        self.proof = proof
        self.userID = userID
        self.username = username
        self.email = email
        self.role = role
        self.permission = permission
        self.allowsSecrets = allowsSecrets
    }

    /// Nobody.
    public static let anonymous = Principal(
        proof: .none, userID: "", username: "", email: "", role: .user, permission: .read, allowsSecrets: false)

    /// Whether nobody showed who he is.
    public var isAnonymous: Bool { proof == .none }

    /// Whether he may do everything.
    public var isAdmin: Bool { !isAnonymous && role == .admin }

    /// Whom a commit names: the user, or his token.
    public var author: Author {
        if case .token(_, let name) = proof { return Author(name: "\(username) (\(name))", email: email) }
        return Author(name: username, email: email)
    }
}
