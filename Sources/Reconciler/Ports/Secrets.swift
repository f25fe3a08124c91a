public import Model

/// Opens references to secrets and keeps the private keys that the host generates.
public protocol SecretSource: Sendable {
    /// The secret a reference names. A sealed one opens only for the place it was sealed for.
    ///
    /// - Throws: ``SecretFailure`` with a message that names the reference, never the secret.
    func resolve(_ reference: SecretReference, context: SecretContext) throws(SecretFailure) -> SecretKey

    /// The host's own private key of an interface, or nil when none was generated yet.
    func interfaceKey(_ interface: String) throws(SecretFailure) -> SecretKey?

    /// Generates, stores (0600, on disk before it returns) and returns the private key of an interface. One that exists
    /// is returned unchanged.
    func makeInterfaceKey(_ interface: String) throws(SecretFailure) -> SecretKey

    /// Stores the private key that an adopted interface already has as the host's own (0600), so that adoption cuts nobody.
    func keepInterfaceKey(_ interface: String, _ key: SecretKey) throws(SecretFailure)

    /// The public key of a private key.
    func publicKey(of privateKey: SecretKey) -> PublicKey

    /// A random key pair's public key whose private part is thrown away at once.
    func throwawayKey() -> PublicKey
}

/// Resolves endpoint host names outside the pass.
public protocol NameResolver: Sendable {
    /// The address last resolved for a name, or nil while none is known. Never blocks.
    func address(of name: String) async -> IPAddress?

    /// Asks for names to be resolved now (in the background); fires `changes` when an answer differs.
    func refresh(_ names: [String]) async

    /// Fires when a name's address changed.
    func changes() -> AsyncStream<Void>
}
