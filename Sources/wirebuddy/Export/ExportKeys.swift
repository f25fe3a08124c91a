import Credentials
import Model
import Reconciler

/// The keys that leave with an export for wg-quick.
struct ExportKeys {
    let secrets: HostSecrets
    let repositoryID: String

    /// The private key of an interface; nil where nobody has made one yet.
    func privateKey(of interface: Interface) throws(CommandFailure) -> SecretKey? {
        do {
            guard let reference = interface.privateKey else { return try secrets.interfaceKey(interface.name) }
            return try secrets.resolve(
                reference, context: .interface(interface.name, field: "private_key", repositoryID: repositoryID))
        } catch {
            throw CommandFailure(.error, "private_key of interface \(interface.name): \(error.description)")
        }
    }

    /// The preshared keys of peers.
    func presharedKeys(of peers: [Peer]) throws(CommandFailure) -> [PublicKey: SecretKey] {
        var keys: [PublicKey: SecretKey] = [:]
        for peer in peers {
            guard let reference = peer.presharedKey else { continue }
            do {
                keys[peer.publicKey] = try secrets.resolve(
                    reference, context: .peer(peer.publicKey, field: "preshared_key", repositoryID: repositoryID))
            } catch {
                throw CommandFailure(
                    .error, "preshared_key of peer \(peer.interface)/\(peer.name): \(error.description)")
            }
        }
        return keys
    }
}
