/// The stable identifier of a user whose document gives none.
public enum UserIdentifier {
    /// A UUID of version 8 made of the digest of repository and name, without regard to the case of the name: the same on
    /// every host. A rename writes it into the document first.
    ///
    /// - Parameters:
    ///   - repositoryID: `Settings.repository_id`; empty where there is none.
    ///   - digest: BLAKE2b.
    /// - Returns: 36 lower-case characters.
    public static func derived(repositoryID: String, username: String, digest: any Digest) -> String {
        var form = CanonicalForm()
        form.append("user")
        form.append(repositoryID)
        form.append(username.lowercased())
        return UUIDv8.text(of: digest.digest(form.bytes))
    }
}

extension User {
    /// The id the document gives, else the derived one.
    ///
    /// - Parameters:
    ///   - repositoryID: `Settings.repository_id`; nil where there is none.
    ///   - digest: BLAKE2b.
    public func identifier(repositoryID: String?, digest: any Digest) -> String {
        id ?? UserIdentifier.derived(repositoryID: repositoryID ?? "", username: username, digest: digest)
    }
}
