import Glibc
public import Model

/// The secrets of this host: the keys it generated, values sealed to its key, files below its secrets directory, and the
/// environment variables that the host file allows. What the repository may name is decided here, not in the repository.
public struct HostSecrets: Sendable {
    private let keys: InterfaceKeyStore
    private let hostKeys: HostKeyCache
    private let directory: String
    private let allowedNames: [String]
    private let environment: @Sendable (String) -> [UInt8]?

    /// The secrets of a host. Nothing is read or created before a secret is asked for.
    ///
    /// - Parameters:
    ///   - state: The state directory; generated keys are stored in `keys/` below it.
    ///   - directory: The root of `file:` references; nil: `secrets/` below the state directory.
    ///   - allowedNames: The names that `env:` references may use.
    ///   - environment: The value of a variable, or nil; nil: this process's environment.
    public init(
        state: String, directory: String? = nil, allowedNames: [String] = [],
        environment: (@Sendable (String) -> [UInt8]?)? = nil
    ) {
        keys = InterfaceKeyStore(directory: "\(state)/keys")
        hostKeys = HostKeyCache(state: state)
        self.directory = directory ?? "\(state)/secrets"
        self.allowedNames = allowedNames
        self.environment =
            environment ?? { name in unsafe getenv(name).map { unsafe Array(String(cString: $0).utf8) } }
    }

    /// The secret a reference names. A sealed one opens only for the place it was sealed for.
    ///
    /// - Throws: ``SecretFailure`` that names the reference, the file and what to do, never the secret.
    public func resolve(_ reference: SecretReference, context: SecretContext) throws(SecretFailure) -> SecretKey {
        switch reference {
        case .file(let name): try file(name)
        case .environment(let name): try variable(name)
        case .sealed(let text): try opener().openKey(text, for: context)
        }
    }

    /// What opens values that are sealed to this host.
    ///
    /// - Throws: ``SecretFailure`` when the host has no key yet, or can't read it.
    public func opener() throws(SecretFailure) -> SecretOpener { try hostKeys.opener() }

    /// The host's own private key of an interface, or nil when none was generated yet.
    ///
    /// - Throws: ``SecretFailure`` when the file is there and can't be used.
    public func interfaceKey(_ interface: String) throws(SecretFailure) -> SecretKey? { try keys.key(of: interface) }

    /// Generates, stores (0600, on disk before it returns) and returns the private key of an interface. One that exists
    /// is returned unchanged.
    public func makeInterfaceKey(_ interface: String) throws(SecretFailure) -> SecretKey {
        try keys.makeKey(of: interface)
    }

    /// Stores the private key that an adopted interface already has as the host's own (0600, on disk before it returns).
    /// Another key that was generated for that name is kept beside it as `<interface>.previous`.
    public func keepInterfaceKey(_ interface: String, _ key: SecretKey) throws(SecretFailure) {
        try keys.keep(key, of: interface)
    }

    /// The public key of a private key.
    public func publicKey(of privateKey: SecretKey) -> PublicKey { KeyPair.publicKey(of: privateKey) }

    /// A random key pair's public key whose private part is thrown away at once.
    public func throwawayKey() -> PublicKey { KeyPair.generate().publicKey }

    private func file(_ name: String) throws(SecretFailure) -> SecretKey {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        guard !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }), !name.utf8.contains(0) else {
            throw SecretFailure(
                "file:\(name): the name must be a path below \(directory), without `..` and not absolute")
        }
        let path = "\(directory)/\(name)"
        // Links inside the directory are fine (mounted secrets are made of them); one that leads out of it is not.
        guard let root = realPath(directory) else {
            throw SecretFailure("file:\(name): \(directory) can't be read: \(FileFailure.last.reason)")
        }
        guard let real = realPath(path) else {
            throw SecretFailure("file:\(name): \(path) can't be read: \(FileFailure.last.reason)")
        }
        guard real.hasPrefix(root == "/" ? root : root + "/") else {
            throw SecretFailure("file:\(name): \(path) is a link that leaves \(directory): put the file itself there")
        }
        do {
            return try KeyFile.read(real, what: "file:\(name)")
        } catch let failure as SecretFailure {
            throw failure
        } catch let failure as FileFailure {
            throw SecretFailure("file:\(name): \(path) can't be read: \(failure.reason)")
        } catch {
            throw SecretFailure("file:\(name): \(path): \(error)")
        }
    }

    private func variable(_ name: String) throws(SecretFailure) -> SecretKey {
        guard allowedNames.contains(name) else {
            throw SecretFailure("env:\(name): the host file does not allow it: add \(name) to secrets.env there")
        }
        guard var bytes = environment(name) else {
            throw SecretFailure("env:\(name): the variable is not set")
        }
        defer { for index in bytes.indices { bytes[index] = 0 } }
        let text = bytes.last == UInt8(ascii: "\n") ? bytes.dropLast() : bytes[...]
        guard let key = SecretKey(text: text) else {
            throw SecretFailure("env:\(name): not a key: expected 44 characters of base64 as `wg genkey` prints")
        }
        return key
    }

    private func realPath(_ path: String) -> String? {
        guard let real = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(real) }
        return unsafe String(cString: real)
    }
}
