import Credentials
public import Manifest
public import Model

/// Questions about declared users.
public enum UserQuery {
    /// The stable id of a user: the one his document gives, else the one that follows from repository and name.
    public static func id(of user: User, in tree: ManifestTree) -> String {
        user.identifier(repositoryID: tree.settings.repositoryID, digest: BLAKE2b256())
    }
}

/// How people name a user: by his name, in any case, or by his id.
public struct UserSelector: Sendable, Hashable {
    /// The name or id.
    public let text: String

    /// A user.
    public init(_ text: String) {
        self.text = text
    }

    /// The user as his document says.
    ///
    /// - Throws: ``GatewayFailure/notFound(kind:name:similar:)``.
    public func user(in tree: ManifestTree) throws(GatewayFailure) -> User {
        if let user = tree.user(text) { return user }
        let (users, folded) = (tree.users, text.lowercased())
        if let user = users.first(where: { $0.username.lowercased() == folded }) { return user }
        if let user = users.first(where: { UserQuery.id(of: $0, in: tree) == folded }) { return user }
        let similar = Manifest.closest(to: text, in: users.map(\.username)).map { [$0] }
        throw .notFound(kind: "User", name: text, similar: similar ?? [])
    }
}
