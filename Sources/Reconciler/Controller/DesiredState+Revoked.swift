import Model

/// What is desired as others change it.
extension DesiredState {
    /// This state with further problems.
    func with(_ problems: [ObjectID: String]) -> DesiredState {
        guard !problems.isEmpty else { return self }
        var state = self
        state.problems.merge(problems) { own, _ in own }
        return state
    }

    /// This state with the rows of those users that others disable.
    func disabling(_ others: DesiredProjections?) -> DesiredState {
        let disabled = (others?.users ?? []).filter { !$0.row.enabled }
        guard !disabled.isEmpty, var own = projections else { return self }
        let rows = Dictionary(disabled.map { ($0.row.id, $0) }, uniquingKeysWith: { first, _ in first })
        own.users = own.users.map { rows[$0.row.id] ?? $0 }.sorted { ProjectedUser.order($0.row, $1.row) }
        var state = self
        state.projections = own
        return state
    }

    /// The keys that are revoked and nowhere else let in.
    var revokedKeys: Set<PublicKey> {
        guard !revoked.isEmpty else { return [] }
        return interfaces.reduce(into: Set(revoked.keys.lazy.map(\.publicKey))) { keys, interface in
            for peer in interface.peers { keys.remove(peer.publicKey) }
        }
    }

    /// This state with the peers revoked that another one revokes, also those that have another interface there.
    func without(revokedBy other: DesiredState) -> DesiredState {
        let keys = other.revokedKeys
        guard !keys.isEmpty else { return without(other.revoked) }
        let causes = Dictionary(
            other.revoked.map { ($0.key.publicKey, $0.value.cause) }, uniquingKeysWith: { first, _ in first })
        var revoked = other.revoked
        for interface in interfaces {
            for peer in interface.peers where keys.contains(peer.publicKey) {
                let id = PeerID(interface: interface.name, publicKey: peer.publicKey)
                revoked[id] = RevokedPeer(name: peer.name, cause: causes[peer.publicKey] ?? .disabled)
            }
        }
        return without(revoked)
    }

    /// This state with the given peers revoked instead of present.
    func without(_ revoked: [PeerID: RevokedPeer]) -> DesiredState {
        guard !revoked.isEmpty else { return self }
        var state = self
        for index in state.interfaces.indices {
            let name = state.interfaces[index].name
            state.interfaces[index].peers.removeAll { revoked[PeerID(interface: name, publicKey: $0.publicKey)] != nil }
        }
        state.revoked.merge(revoked) { own, _ in own }
        return state
    }
}
