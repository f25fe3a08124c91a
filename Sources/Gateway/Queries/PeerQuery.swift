public import Manifest
public import Model

/// Questions about declared peers.
public enum PeerQuery {
    /// The stable id of a peer: the one its document gives, else the one that follows from interface and public key; nil
    /// while the key is still to be made.
    public static func id(of peer: Peer, in tree: ManifestTree) -> String? { PeerIdentity.of(peer, in: tree) }
}

/// Questions about declared interfaces.
public enum InterfaceQuery {
    /// An interface as its document says.
    ///
    /// - Throws: ``GatewayFailure/notFound(kind:name:similar:)``.
    public static func interface(_ name: String, in tree: ManifestTree) throws(GatewayFailure) -> Interface {
        guard let interface = tree.interface(name) else { throw .noInterface(name, in: tree) }
        return interface
    }
}
