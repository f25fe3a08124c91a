public import Model

/// An interface with its peers as another program configured it, in our terms.
public struct ImportedInterface: Sendable {
    /// A peer.
    public struct ImportedPeer: Sendable {
        /// What is declared, without secrets.
        public var peer: Peer
        /// The preshared key.
        public var presharedKey: SecretKey?
        /// The file with the preshared key that a hook names.
        public var presharedKeyFile: String?
    }

    /// Where it was read: a path, or `kernel`.
    public let origin: String
    /// What is declared, without secrets.
    public var interface: Interface
    /// The private key.
    public var privateKey: SecretKey?
    /// The file with the private key that a hook names.
    public var privateKeyFile: String?
    /// The peers, in the order read.
    public var peers: [ImportedPeer]
    /// Hooks that became fields.
    public var mapped: [ImportFinding] = []
    /// Hooks and keys that no field says.
    public var notImported: [ImportFinding] = []
    /// What is different from before, or deserves a look.
    public var warnings: [ImportFinding] = []
}
