import Model
import Synchronization

/// Secrets for whoever can't open any: each is derived from its text in the manifest, so that equal texts are equal
/// secrets and another text is another secret. None of them is of any use to anybody.
final class StandInSecrets: SecretSource {
    private let digest: any Digest
    private let derivePublicKey: @Sendable (SecretKey) -> PublicKey
    private let made = Mutex<[String: SecretKey]>([:])

    /// No interface has a key yet.
    init(digest: any Digest, publicKey: @escaping @Sendable (SecretKey) -> PublicKey) {
        self.digest = digest
        derivePublicKey = publicKey
    }

    func resolve(_ reference: SecretReference, context: SecretContext) throws(SecretFailure) -> SecretKey {
        try standIn("secret", reference.text)
    }

    func interfaceKey(_ interface: String) throws(SecretFailure) -> SecretKey? { made.withLock { $0[interface] } }

    func makeInterfaceKey(_ interface: String) throws(SecretFailure) -> SecretKey {
        let key = try standIn("interface", interface)
        made.withLock { $0[interface] = key }
        return key
    }

    func keepInterfaceKey(_ interface: String, _ key: SecretKey) throws(SecretFailure) {
        made.withLock { $0[interface] = key }
    }

    func publicKey(of privateKey: SecretKey) -> PublicKey { derivePublicKey(privateKey) }

    func throwawayKey() -> PublicKey { derivePublicKey(SecretKey(words: (1, 2, 3, 4)).clamped) }

    private func standIn(_ purpose: String, _ text: String) throws(SecretFailure) -> SecretKey {
        var form = CanonicalForm()
        form.append("wirebuddy stand-in \(purpose)")
        form.append(text)
        guard let key = SecretKey(bytes: digest.digest(form.bytes).bytes) else {
            throw SecretFailure("no stand-in can be derived")
        }
        return key.clamped
    }
}
