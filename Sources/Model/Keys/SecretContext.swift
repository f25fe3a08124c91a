/// The one place where a sealed value is valid: it stands inside the ciphertext, so that a copy into another object,
/// field or repository does not open.
public struct SecretContext: Hashable, Sendable {
    /// The object whose field it is.
    public enum Identity: Hashable, Sendable {
        /// A peer: its public key, so that a renamed peer keeps its secrets.
        case publicKey(PublicKey)
        /// An object of any other kind: its name.
        case name(String)
    }

    /// `Settings.repository_id`, a lower-case UUID.
    public var repositoryID: String
    /// The kind of the object, as in `kind:`.
    public var kind: String
    /// The field, with dots for nested ones.
    public var field: String
    /// Which object.
    public var identity: Identity

    /// A place.
    public init(repositoryID: String, kind: String, field: String, identity: Identity) {
        self.repositoryID = repositoryID
        self.kind = kind
        self.field = field
        self.identity = identity
    }

    /// A field of a peer.
    public static func peer(_ publicKey: PublicKey, field: String, repositoryID: String) -> SecretContext {
        SecretContext(repositoryID: repositoryID, kind: "Peer", field: field, identity: .publicKey(publicKey))
    }

    /// A field of an interface.
    public static func interface(_ name: String, field: String, repositoryID: String) -> SecretContext {
        SecretContext(repositoryID: repositoryID, kind: "Interface", field: field, identity: .name(name))
    }

    /// The key of a receiver of messages, whichever it is.
    public static func notification(repositoryID: String) -> SecretContext {
        SecretContext(
            repositoryID: repositoryID, kind: "Settings", field: "notifications.secret", identity: .name("settings"))
    }
}

extension Settings {
    /// The place of a field of a peer in this repository; without a `repository_id` nothing opens there.
    public func secretContext(of peer: Peer, field: String) -> SecretContext {
        .peer(peer.publicKey, field: field, repositoryID: repositoryID ?? "")
    }

    /// The place of a field of an interface in this repository; without a `repository_id` nothing opens there.
    public func secretContext(of interface: Interface, field: String) -> SecretContext {
        .interface(interface.name, field: field, repositoryID: repositoryID ?? "")
    }

    /// The place of the keys of the receivers of messages; without a `repository_id` nothing opens there.
    public var notificationSecretContext: SecretContext { .notification(repositoryID: repositoryID ?? "") }
}

extension SecretContext: CustomStringConvertible {
    /// `preshared_key of the Peer with the public key …`, `private_key of Interface "wg0"`.
    public var description: String { "\(field) of \(object)" }

    /// `the Peer with the public key …`, `Interface "wg0"`.
    public var object: String {
        switch identity {
        case .publicKey(let key): "the \(kind) with the public key \(key)"
        case .name(let name): "\(kind) \"\(name)\""
        }
    }
}
