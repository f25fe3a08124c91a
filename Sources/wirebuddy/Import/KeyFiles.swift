import Credentials
import Gateway
import Model
import Reconciler

/// Reads the key files that hooks of wg-quick name (`PostUp = wg set %i private-key /etc/wireguard/%i.key`).
struct KeyFiles {
    let composition: GatewayComposition

    /// Reads every file that `imported` names.
    ///
    /// - Throws: ``CommandFailure``: without its key an interface would be another one.
    func read(into imported: inout ImportedInterface) throws(CommandFailure) {
        if let path = imported.privateKeyFile, imported.privateKey == nil {
            imported.privateKey = try key(path)
        }
        for index in imported.peers.indices {
            guard let path = imported.peers[index].presharedKeyFile, imported.peers[index].presharedKey == nil else {
                continue
            }
            imported.peers[index].presharedKey = try key(path)
        }
        if imported.privateKey == nil {
            imported.warnings.append(
                ImportFinding(
                    origin: imported.origin,
                    "\(imported.interface.name) has no PrivateKey: the host makes a new one, and every device needs its"
                        + " public key"))
        }
    }

    private func key(_ path: String) throws(CommandFailure) -> SecretKey {
        let parts = path.split(separator: "/")
        let directory = "/" + parts.dropLast().joined(separator: "/")
        let secrets = HostSecrets(state: composition.settings.state.content, directory: directory)
        let context = SecretContext(repositoryID: "", kind: "Interface", field: "private_key", identity: .name(""))
        do {
            return try secrets.resolve(.file(parts.last.map(String.init) ?? ""), context: context)
        } catch {
            throw CommandFailure(.error, "the key file \(path) can't be read: \(error.description)")
        }
    }
}
