import Model
import Netlink
import Reconciler

/// Turns peer operations into what the kernel is sent: a pure function, so that it is tested alone.
struct PeerMessages {
    /// How one allowed IP is taken from a live peer.
    enum Removal {
        /// By `WGALLOWEDIP_F_REMOVE_ME`, since Linux 6.16.
        case flag
        /// By handing it to a peer of this random key that the same message makes and removes.
        case throwaway(WireGuardKey)
    }

    private let removal: Removal
    private var peers: [WireGuardPeerConfiguration] = []

    /// The peers to send, in order. `keepalive` tells the interval a peer has before it is woken.
    ///
    /// Prefixes for the throwaway peer go first, because it takes them from whoever has them: what the same operations
    /// give to another peer must come after.
    static func peers(
        of operations: [PeerOperation], removal: Removal, keepalive: (PublicKey) -> UInt16
    ) -> [WireGuardPeerConfiguration] {
        var messages = PeerMessages(removal: removal)
        messages.peers.reserveCapacity(operations.count)
        if case .throwaway(let key) = removal { messages.appendThrowaway(key, operations) }
        for operation in operations { messages.append(operation, keepalive) }
        return messages.peers
    }

    private init(removal: Removal) { self.removal = removal }

    private mutating func appendThrowaway(_ key: WireGuardKey, _ operations: [PeerOperation]) {
        let prefixes = operations.lazy.filter { $0.action != .remove }.flatMap(\.removeAllowedIPs)
        guard !prefixes.isEmpty else { return }
        peers.append(
            WireGuardPeerConfiguration(publicKey: key, allowedIPs: prefixes.map { .init($0.netlink) }))
        peers.append(WireGuardPeerConfiguration(publicKey: key, flags: .removeMe))
    }

    private mutating func append(_ operation: PeerOperation, _ keepalive: (PublicKey) -> UInt16) {
        let key = operation.publicKey.netlink
        var peer = WireGuardPeerConfiguration(publicKey: key)
        switch operation.action {
        case .remove:
            peer.flags = .removeMe
            peers.append(peer)
            return
        case .update: peer.flags = .updateOnly
        case .add: break
        }
        if let presharedKey = operation.presharedKey {
            peer.presharedKey =
                switch presharedKey {
                case .key(let secret): secret.netlink
                case .none: .zero
                }
        }
        peer.endpoint = operation.endpoint?.netlink
        peer.persistentKeepalive = operation.persistentKeepalive
        if case .flag = removal {
            peer.allowedIPs = operation.removeAllowedIPs.map { .init($0.netlink, isRemoved: true) }
        }
        peer.allowedIPs += operation.addAllowedIPs.map { .init($0.netlink) }
        guard operation.wake else { return peers.append(peer) }
        // Only the step from 0 to another value sends something at once.
        let interval = operation.persistentKeepalive ?? keepalive(operation.publicKey)
        peer.persistentKeepalive = 0
        peers.append(peer)
        for seconds in interval == 25 ? [25] : [25, interval] {
            peers.append(
                WireGuardPeerConfiguration(publicKey: key, flags: .updateOnly, persistentKeepalive: seconds))
        }
    }
}
