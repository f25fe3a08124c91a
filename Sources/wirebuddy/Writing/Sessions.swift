import Kernel
import Model
import Reconciler

/// The handshakes of the peers of this host, where it may be looked at.
struct Sessions: Sendable {
    /// When the host was read; nil where it was not.
    let takenAt: Timestamp?
    private let handshakes: [String: [PublicKey: Timestamp?]]

    /// Reads the devices of interfaces; nothing where this process has no right to.
    static func read(_ interfaces: [String], _ composition: GatewayComposition) async -> Sessions {
        guard composition.checks.networkRights().failure == nil,
            let observed = try? await composition.backend.observe(ObservationRequest(interfaces: interfaces)),
            !observed.devices.isEmpty
        else { return Sessions(takenAt: nil, handshakes: [:]) }
        let handshakes = observed.devices.mapValues { device in
            Dictionary(device.peers.map { ($0.publicKey, $0.lastHandshake) }, uniquingKeysWith: { first, _ in first })
        }
        return Sessions(takenAt: observed.takenAt, handshakes: handshakes)
    }

    /// The last handshake of a peer; nil when there was none, or it is not known.
    func lastHandshake(of peer: Peer) -> Timestamp? { handshakes[peer.interface]?[peer.publicKey] ?? nil }

    /// `disabled`, `expired`, `connected` (handshake less than 180 s ago) or `idle`; `enabled` where the host was not read.
    func status(of peer: Peer, at now: Timestamp) -> String {
        if !peer.enabled { return "disabled" }
        if let expiry = peer.expiresAt, expiry <= now { return "expired" }
        guard let takenAt else { return "enabled" }
        guard let handshake = lastHandshake(of: peer), takenAt.seconds - handshake.seconds < 180 else { return "idle" }
        return "connected"
    }
}
