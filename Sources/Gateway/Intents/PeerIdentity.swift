import Credentials
import Manifest
import Model

/// The stable ids of peers.
enum PeerIdentity {
    /// The id of a peer whose document gives none.
    static func derived(interface: String, _ publicKey: PublicKey, in tree: ManifestTree) -> String {
        PeerIdentifier.derived(
            repositoryID: tree.settings.repositoryID ?? "", interface: interface, publicKey: publicKey,
            digest: BLAKE2b256())
    }

    /// The id of a peer.
    static func of(_ peer: Peer, in tree: ManifestTree) -> String {
        peer.id ?? derived(interface: peer.interface, peer.publicKey, in: tree)
    }
}
