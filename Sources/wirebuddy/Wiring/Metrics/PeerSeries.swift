import Model
import Reconciler
import Telemetry

/// The peers of one look, as metrics tell of them.
struct PeerSeries {
    /// The most peers that get series of their own: more would be a burden to every monitoring system.
    static let most = 20_000

    /// A peer of a device.
    struct Peer {
        /// Which one.
        var labels: MetricLabels
        /// What the device says.
        var observed: ObservedPeer
    }

    /// What the declared peers of an interface are doing.
    enum Status: String, CaseIterable {
        case connected
        case idle
        case disabled
        case expired
        /// On the device, but not declared.
        case undeclared
    }

    /// The peers, by interface in the order of names.
    private(set) var interfaces: [(name: String, counts: [Status: Int], peers: [Peer])] = []
    /// Peers that get no series.
    private(set) var omitted = 0

    /// What is declared of a peer. The documents themselves are large, and copied for nothing.
    private struct Declared {
        var name: String
        /// Why it may not connect; nil: it may.
        var hindrance: Status?

        init(_ peer: Model.Peer, now: Timestamp) {
            name = peer.name
            let isExpired = peer.expiresAt.map { $0 <= now } ?? false
            hindrance = !peer.enabled ? .disabled : isExpired ? .expired : nil
        }
    }

    /// The peers of a view.
    init(_ view: GatewayView, now: Timestamp) {
        let devices = view.report.observed.devices
        let showsPeers = view.catalog?.settings.telemetry.peerMetrics ?? true
        var declared: [PeerID: Declared] = [:]
        for peer in view.catalog?.peers ?? [] {
            declared[PeerID(interface: peer.interface, publicKey: peer.publicKey)] = Declared(peer, now: now)
        }
        let counts = Self.counts(declared, devices, now: now)
        let names = Set(devices.keys).union(counts.keys).union(view.catalog?.interfaces.map(\.name) ?? [])
        var left = showsPeers ? Self.most : 0
        for name in names.sorted() {
            let peers = devices[name]?.peers ?? []
            let shown = peers.prefix(left)
            left -= shown.count
            if showsPeers { omitted += peers.count - shown.count }
            interfaces.append(
                (name, counts[name, default: [:]], Self.labelled(shown, at: name, declared, view.report.peers)))
        }
    }

    private static func counts(
        _ declared: [PeerID: Declared], _ devices: [String: ObservedDevice], now: Timestamp
    ) -> [String: [Status: Int]] {
        var counts: [String: [Status: Int]] = [:]
        var live: Set<PeerID> = []
        for (name, device) in devices {
            for peer in device.peers {
                let key = PeerID(interface: name, publicKey: peer.publicKey)
                if peer.isLive(at: now) { live.insert(key) }
                if declared[key] == nil { counts[name, default: [:]][.undeclared, default: 0] += 1 }
            }
        }
        for (key, peer) in declared {
            let status = peer.hindrance ?? (live.contains(key) ? .connected : .idle)
            counts[key.interface, default: [:]][status, default: 0] += 1
        }
        return counts
    }

    private static func labelled(
        _ peers: ArraySlice<ObservedPeer>, at interface: String, _ declared: [PeerID: Declared],
        _ known: [PeerID: KnownPeer]
    ) -> [Peer] {
        // While its key changes, a peer may be there twice; a series must not.
        var identifiers: Set<String> = []
        return peers.map { peer in
            let key = PeerID(interface: interface, publicKey: peer.publicKey)
            var identifier = known[key]?.id ?? "\(peer.publicKey)"
            if !identifiers.insert(identifier).inserted { identifier = "\(peer.publicKey)" }
            let labels = MetricLabels([
                "interface": interface, "peer": identifier, "name": declared[key]?.name ?? "",
            ])
            return Peer(labels: labels, observed: peer)
        }
    }
}
