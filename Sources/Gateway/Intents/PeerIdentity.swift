import Credentials
import Manifest
import Model

/// The stable ids of peers.
enum PeerIdentity {
    /// The id of a peer whose document gives none: the one it had before, else one made of what identifies it.
    static func implied(interface: String, _ publicKey: PublicKey, in tree: ManifestTree) -> String {
        tree.knownID(interface, publicKey)
            ?? PeerIdentifier.derived(
                repositoryID: tree.settings.repositoryID ?? "", interface: interface, publicKey: publicKey,
                digest: BLAKE2b256())
    }

    /// The id of a peer; nil while it has neither an id nor the key that one follows from.
    static func of(_ peer: Peer, in tree: ManifestTree) -> String? {
        if let id = peer.id { return id }
        return peer.publicKey.isZero ? nil : implied(interface: peer.interface, peer.publicKey, in: tree)
    }
}
