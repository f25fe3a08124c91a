import Model

/// Peers that must go. Revocations are steps of their own before everything else of the pass.
extension PlanBuilder {
    /// Removes declared peers that are disabled, expired or blocked, and blocked keys that nobody declares.
    mutating func planRevocations(of interface: DesiredInterface, device: ObservedDevice) {
        guard !input.desired.revoked.isEmpty || !input.desired.blockedKeys.isEmpty else { return }
        let reference = LinkReference(name: interface.name, index: links[interface.name]?.index)
        var operations: [PeerOperation] = []
        var changed: [Int] = []
        for peer in device.peers {
            let id = PeerID(interface: interface.name, publicKey: peer.publicKey)
            let revoked = input.desired.revoked[id]
            guard revoked != nil || input.desired.blockedKeys.contains(peer.publicKey) else { continue }
            operations.append(PeerOperation(.remove, publicKey: peer.publicKey))
            changed.append(addRevocation(of: peer, id: id, revoked: revoked))
        }
        guard !operations.isEmpty else { return }
        step(.revocations, .configurePeers(reference, operations), changes: changed)
    }

    /// Removes blocked keys from an interface that is itself on its way out.
    mutating func planBlockedKeys(of interface: String, device: ObservedDevice, reference: LinkReference) {
        let blocked = device.peers.filter { input.desired.blockedKeys.contains($0.publicKey) }
        guard !blocked.isEmpty else { return }
        let changed = blocked.map { peer in
            addRevocation(of: peer, id: PeerID(interface: interface, publicKey: peer.publicKey), revoked: nil)
        }
        step(
            .revocations,
            .configurePeers(reference, blocked.map { PeerOperation(.remove, publicKey: $0.publicKey) }),
            changes: changed)
    }

    private mutating func addRevocation(of peer: ObservedPeer, id: PeerID, revoked: RevokedPeer?) -> Int {
        var reason = Change.Reason.revoked
        if case .expired = revoked?.cause { reason = .expired }
        return add(
            ObjectID(.peer, revoked?.name ?? knownName(of: id)), .delete, reason,
            fields: [FieldChange("allowed_ips", before: Self.list(peer.allowedIPs), after: nil)],
            impact: .sessionLoss, liveSessions: peer.isLive(at: input.now) ? 1 : 0, publicKey: peer.publicKey)
    }

    /// Peers in the kernel that the desired state doesn't hold: those that left it are pruned, or revoked where somebody
    /// named them; others are treated as the interface says.
    mutating func planUndeclared(
        of interface: DesiredInterface, observed: [ObservedPeer], reference: LinkReference, unmanaged: UnmanagedPeers
    ) {
        let declared = Set(interface.peers.lazy.map(\.publicKey))
        var pruned: (operations: [PeerOperation], changes: [Int]) = ([], [])
        var named: (operations: [PeerOperation], changes: [Int]) = ([], [])
        var foreign: (operations: [PeerOperation], changes: [Int]) = ([], [])
        for peer in observed where !declared.contains(peer.publicKey) {
            let id = PeerID(interface: interface.name, publicKey: peer.publicKey)
            if input.desired.revoked[id] != nil || input.desired.blockedKeys.contains(peer.publicKey) { continue }
            let wasOurs = input.inventory.applied[ObjectID(peer: id)] != nil
            let object = ObjectID(.peer, knownName(of: id))
            if !wasOurs, unmanaged != .remove {
                if unmanaged == .report {
                    notes.append(PlanNote(object: object, message: "no manifest declares this peer; left as it is"))
                }
                continue
            }
            let isNamed = wasOurs && namedRemovals.contains(peer.publicKey)
            let change = add(
                object, .delete, isNamed ? .revoked : wasOurs ? .prune : .drift,
                fields: [FieldChange("allowed_ips", before: Self.list(peer.allowedIPs), after: nil)],
                impact: .sessionLoss, liveSessions: peer.isLive(at: input.now) ? 1 : 0, publicKey: peer.publicKey,
                isReportOnly: interface.drift == .report && !isNamed)
            let operation = PeerOperation(.remove, publicKey: peer.publicKey)
            if isNamed {
                named.operations.append(operation)
                named.changes.append(change)
            } else if wasOurs {
                pruned.operations.append(operation)
                pruned.changes.append(change)
            } else {
                foreign.operations.append(operation)
                foreign.changes.append(change)
            }
        }
        if !named.operations.isEmpty {
            step(.revocations, .configurePeers(reference, named.operations), changes: named.changes)
        }
        for (operations, changes) in [pruned, foreign] where !operations.isEmpty {
            step(.peerRemovals, .configurePeers(reference, operations), changes: changes)
        }
    }

    /// The name people know a peer by: the one it was applied under, else its key.
    private func knownName(of id: PeerID) -> String {
        let object = ObjectID(peer: id)
        let name = input.inventory.applied[object].map { AppliedRecord($0).name } ?? ""
        return name.isEmpty ? object.name : name
    }
}
