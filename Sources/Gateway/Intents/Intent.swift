public import Manifest
public import Model

/// One wish of a person or program, as a value: what it makes of any head of the repository.
///
/// What must not happen twice (keys, secrets) was made when the intent was; what depends on the head (addresses, file
/// names, whether there is anything to do) is decided each time it runs. Running it changes nothing but its result.
public struct Intent: Sendable {
    /// What it makes of a tree.
    ///
    /// - Throws: ``GatewayFailure``.
    public let run: @Sendable (ManifestTree) throws(GatewayFailure) -> IntentOutcome
    /// Whether it only takes access away. Such a write is not held up by rails that refuse other things.
    public let isRevocation: Bool
    /// Whether it only consents to what rails refuse: it must not be held up by the refusals that it is about.
    public let isConsent: Bool

    init(
        isRevocation: Bool = false, isConsent: Bool = false,
        _ run: @escaping @Sendable (ManifestTree) throws(GatewayFailure) -> IntentOutcome
    ) {
        self.run = run
        self.isRevocation = isRevocation
        self.isConsent = isConsent
    }

    /// Whether rails that refuse the revision as a whole don't refuse the write.
    public var passesRails: Bool { isRevocation || isConsent }
}

/// What an intent makes of a tree.
public struct IntentOutcome: Sendable {
    /// The files and the words of the commit; nil when the tree is as wanted already.
    public var change: TreeChange?
    /// The object it is about; after a rename under its new name.
    public var object: ObjectIdentity
    /// What plans call the object, where that is not its name here.
    public var planName: String?
    /// Interfaces and keys that the intent names for deletion: it is the consent for them.
    public var consent = DeleteConsent()
    /// The keys that are not let in any more once it is applied.
    public var revoked: [PeerKey] = []
    /// The outcomes of the wishes it is made of, in their order; empty for a single one.
    public var parts: [IntentOutcome] = []

    /// An outcome.
    public init(change: TreeChange?, object: ObjectIdentity) {
        self.change = change
        self.object = object
    }
}

/// What an intent names for deletion.
public struct DeleteConsent: Sendable, Hashable {
    /// Keys of peers.
    public var keys: Set<PublicKey> = []
    /// Names of interfaces.
    public var interfaces: Set<String> = []
    /// Names of users.
    public var users: Set<String> = []

    /// Nothing.
    public init() {}
}

/// The key of a peer on an interface.
public struct PeerKey: Sendable, Hashable {
    /// The interface.
    public let interface: String
    /// The key.
    public let publicKey: PublicKey

    /// A key.
    public init(interface: String, publicKey: PublicKey) {
        self.interface = interface
        self.publicKey = publicKey
    }
}
