public import Manifest
public import Model

/// Who is meant where DNS speaks of a client: a peer by its name or id, or by its DNS label, as rules are explained for.
///
/// Pauses and the query log know their peers by `interface/name` only, and keep them when the peer goes.
extension PeerSelector {
    /// The client of a new pause: a declared peer.
    ///
    /// - Returns: `interface/name`.
    /// - Throws: ``GatewayFailure/notFound(kind:name:similar:)`` or ``GatewayFailure/ambiguous(kind:name:choices:)``.
    public func client(in tree: ManifestTree) throws(GatewayFailure) -> String {
        do throws(GatewayFailure) {
            let peer = try peer(in: tree)
            return "\(peer.interface)/\(peer.name)"
        } catch {
            guard case .notFound = error else { throw error }
            let label = name.lowercased()
            let labelled = tree.peers(of: interface).filter { $0.dnsName == label }.map { "\($0.interface)/\($0.name)" }
            guard let only = labelled.first else { throw error }
            guard labelled.count == 1 else { throw .ambiguous(kind: "Peer", name: text, choices: labelled) }
            return only
        }
    }

    /// The client as the query log is searched for it: the text itself, which may be the name of a peer that is gone or
    /// an address, unless it is the DNS label or id of a declared peer.
    public func loggedClient(in tree: ManifestTree) -> String {
        guard tree.peers(named: name).isEmpty else { return text }
        // Nobody of that name, or several: neither keeps the log from being searched for the text.
        return (try? client(in: tree)) ?? text
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
