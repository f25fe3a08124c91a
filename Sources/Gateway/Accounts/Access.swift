import Model

/// Who may use an operation: a row of the authorisation table. What an operation shows to whom (own peers, own tokens)
/// is decided where it is done.
public enum Access: String, Sendable, Hashable, CaseIterable {
    /// Everybody, without showing who he is.
    case open
    /// Every user; read-only tokens only if the operation reads.
    case user
    /// Every user, but read-only tokens only with `allow_secrets`: the answer holds a private key.
    case secrets
    /// Admins; read-only tokens of theirs only if the operation reads.
    case admin

    /// Why somebody may not.
    public enum Denial: Sendable, Hashable {
        /// He has not shown who he is: 401.
        case unauthenticated
        /// His rights don't suffice: 403.
        case forbidden
    }

    /// What is in the way of `principal`; nil: nothing.
    ///
    /// - Parameter isRead: whether the operation changes nothing (`GET`).
    public func denial(of principal: Principal, isRead: Bool) -> Denial? {
        if self == .open { return nil }
        if principal.isAnonymous { return .unauthenticated }
        if self == .admin, !principal.isAdmin { return .forbidden }
        if principal.permission == .read, !isRead { return .forbidden }
        if self == .secrets, !principal.allowsSecrets { return .forbidden }
        return nil
    }
}
