public import Model

/// The rows that the database should hold of a catalog.
public struct DesiredProjections: Sendable {
    /// A user's row.
    public struct User: Sendable {
        /// The row.
        public var row: ProjectedUser
        /// The digest of the whole row, hexadecimal.
        public var digest: String
    }

    /// The users, in ``Model/ProjectedUser/order(_:_:)``.
    public var users: [User]
    /// The effective settings of the API.
    public var settings: [String: String]
    /// The digest of the settings, hexadecimal.
    public var settingsDigest: String
    /// The policy of the DNS forwarder.
    public var dns: DesiredDNS
    /// What the loop does about drift.
    public var drift: DriftPolicy

    /// The rows of a catalog.
    init(_ catalog: Catalog, digest: any Digest) {
        let repositoryID = catalog.settings.repositoryID
        users = catalog.users
            .map { ProjectedUser($0, id: $0.identifier(repositoryID: repositoryID, digest: digest)) }
            .sorted(by: ProjectedUser.order)
            .map { User(row: $0, digest: Self.digest(of: $0, digest)) }
        settings = ProjectedSettings.rows(catalog.settings)
        var form = CanonicalForm()
        for (field, value) in settings.sorted(by: { $0.key < $1.key }) {
            form.append(field)
            form.append(value)
        }
        settingsDigest = digest.digest(form.bytes).description
        dns = DesiredDNS(catalog, digest: digest)
        drift = catalog.settings.reconcile.drift
    }

    private static func digest(of row: ProjectedUser, _ digest: any Digest) -> String {
        var form = CanonicalForm()
        for text in [row.id, row.username, row.email, row.fullName, row.description, row.role.rawValue] {
            form.append(text)
        }
        form.append(row.enabled ? "enabled" : "disabled")
        form.append(row.passwordHash ?? "")
        return digest.digest(form.bytes).description
    }
}
