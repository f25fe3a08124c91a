public import Manifest
public import Model

/// Who is meant by the name of a peer whose filtering is paused, or no longer. A pause knows its peer by
/// `interface/name` only, and stays when the peer goes.
extension PeerSelector {
    /// The client of a new pause: a declared peer.
    ///
    /// - Returns: `interface/name`.
    /// - Throws: ``GatewayFailure/notFound(kind:name:similar:)`` or ``GatewayFailure/ambiguous(kind:name:choices:)``.
    public func client(in tree: ManifestTree) throws(GatewayFailure) -> String {
        let peer = try peer(in: tree)
        return "\(peer.interface)/\(peer.name)"
    }

    /// The client whose pause is to end: one that has a pause, be it declared or gone, else a declared peer.
    ///
    /// - Parameter pauses: those in force.
    /// - Returns: `interface/name`.
    /// - Throws: ``GatewayFailure/notFound(kind:name:similar:)`` or ``GatewayFailure/ambiguous(kind:name:choices:)``.
    public func client(endingOneOf pauses: [FilteringPauseEntry], in tree: ManifestTree) throws(GatewayFailure)
        -> String
    {
        let paused = pauses.compactMap(\.client).filter(isName(of:))
        if paused.count == 1 { return paused[0] }
        guard paused.isEmpty else { throw .ambiguous(kind: "Peer", name: name, choices: paused) }
        return try client(in: tree)
    }

    /// Whether this is how a client, `interface/name`, may be called.
    private func isName(of client: String) -> Bool {
        let other = PeerSelector(client)
        guard other.name.utf8.elementsEqual(name.utf8) else { return false }
        return interface == nil || interface == other.interface
    }
}
