import Credentials
public import Manifest
public import Model

/// A field of the repository that may hold a sealed value, and the place that the value is sealed for.
public struct SealedField: Sendable {
    /// The object.
    public let object: ObjectIdentity
    /// The field.
    public let field: String
    /// The field, and the keys and indices inside it.
    let path: [String]
    /// What stands there; nil where nothing, or nothing that is allowed, stands.
    public let reference: SecretReference?
    /// What a value that stands there has to be sealed for.
    public let context: SecretContext
    /// The public key that a private key must belong to; nil for any other secret.
    public let publicKey: PublicKey?

    /// A field of a peer.
    public init(_ peer: Peer, field: String, _ settings: Settings) {
        object = .peer(peer.name, of: peer.interface)
        self.field = field
        path = [field]
        reference = field == "private_key" ? peer.privateKey : peer.presharedKey
        context = settings.secretContext(of: peer, field: field)
        publicKey = field == "private_key" ? peer.publicKey : nil
    }

    /// A field of an interface.
    public init(_ interface: Interface, field: String, _ settings: Settings) {
        object = .interface(interface.name)
        self.field = field
        path = [field]
        reference = interface.privateKey
        context = settings.secretContext(of: interface, field: field)
        publicKey = nil
    }

    /// The key of the receiver of messages at an index; it may not be there yet.
    public init(notification index: Int, _ settings: Settings) {
        object = .settings
        field = "notifications.\(index + 1).secret"
        path = ["notifications", "\(index)", "secret"]
        reference = settings.notifications.indices.contains(index) ? settings.notifications[index].secret : nil
        context = settings.notificationSecretContext
        publicKey = nil
    }

    /// The secret fields of a peer.
    public static let ofPeer = ["preshared_key", "private_key"]
    /// The secret fields of an interface.
    public static let ofInterface = ["private_key"]

    /// The sealed value; nil where there is none.
    public var sealed: String? {
        if case .sealed(let text) = reference { text } else { nil }
    }

    /// `preshared_key of Peer wg0/phone`.
    public var label: String { "\(field) of \(object)" }
}

extension ManifestTree {
    /// Every field that holds a sealed value, in the order of the files. Looks at every file.
    public var sealedFields: [SealedField] {
        let settings = settings
        let ofInterfaces = interfaces.flatMap { interface in
            SealedField.ofInterface.map { SealedField(interface, field: $0, settings) }
        }
        let ofPeers = peers().flatMap { peer in SealedField.ofPeer.map { SealedField(peer, field: $0, settings) } }
        let ofSettings = settings.notifications.indices.map { SealedField(notification: $0, settings) }
        return (ofInterfaces + ofPeers + ofSettings).filter { $0.sealed != nil }
    }
}
