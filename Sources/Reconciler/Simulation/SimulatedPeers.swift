import Model

/// The peers of a device while they are changed: found by their keys and allowed IPs, so that ten thousand changes at once
/// take no longer than one after the other.
struct SimulatedPeers {
    /// In the order in which they came; nil: removed.
    private var peers: [ObservedPeer?]
    private var places: [PublicKey: Int] = [:]
    /// Who has an allowed IP. The kernel gives each to one peer.
    private var owners: [Prefix: [Int]] = [:]

    init(_ known: [ObservedPeer]) {
        peers = known
        for (place, peer) in known.enumerated() {
            places[peer.publicKey] = place
            for prefix in peer.allowedIPs { owners[prefix, default: []].append(place) }
        }
    }

    /// Those that are left.
    var all: [ObservedPeer] { peers.compactMap(\.self) }

    /// Does what the kernel would (`WG_CMD_SET_DEVICE`).
    mutating func apply(_ operation: PeerOperation) {
        let known = places[operation.publicKey]
        if operation.action == .remove {
            guard let known, let peer = peers[known] else { return }
            for prefix in peer.allowedIPs { disown(prefix, known) }
            peers[known] = nil
            places[operation.publicKey] = nil
            return
        }
        if known == nil, operation.action == .update { return }
        let place = known ?? peers.count
        if known == nil {
            peers.append(ObservedPeer(publicKey: operation.publicKey))
            places[operation.publicKey] = place
        }
        for prefix in operation.addAllowedIPs {
            for other in owners[prefix] ?? [] where other != place {
                peers[other]?.allowedIPs.removeAll { $0 == prefix }
                disown(prefix, other)
            }
        }
        change(place, operation)
    }

    private mutating func change(_ place: Int, _ operation: PeerOperation) {
        guard var peer = peers[place] else { return }
        switch operation.presharedKey {
        case .key(let key): peer.presharedKey = key
        case PeerOperation.PresharedKey.none?: peer.presharedKey = nil
        case nil: break
        }
        if let endpoint = operation.endpoint { peer.endpoint = endpoint }
        if let keepalive = operation.persistentKeepalive { peer.persistentKeepalive = keepalive }
        for prefix in peer.allowedIPs { disown(prefix, place) }
        peer.allowedIPs = Set(peer.allowedIPs).union(operation.addAllowedIPs).subtracting(operation.removeAllowedIPs)
            .sorted()
        for prefix in peer.allowedIPs { owners[prefix, default: []].append(place) }
        peers[place] = peer
    }

    private mutating func disown(_ prefix: Prefix, _ place: Int) {
        owners[prefix]?.removeAll { $0 == place }
        if owners[prefix]?.isEmpty == true { owners[prefix] = nil }
    }
}
