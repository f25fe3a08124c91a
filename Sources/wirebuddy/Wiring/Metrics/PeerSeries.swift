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

    /// The peers of a view.
    init(_ view: GatewayView, now: Timestamp) {
        let observed = view.report.observed
        let showsPeers = view.catalog?.settings.telemetry.peerMetrics ?? true
        var declared: [PeerID: Model.Peer] = [:]
        for peer in view.catalog?.peers ?? [] {
            declared[PeerID(interface: peer.interface, publicKey: peer.publicKey)] = peer
        }
        let names = Set(observed.devices.keys).union(view.catalog?.interfaces.map(\.name) ?? [])
        let silent = Dictionary(grouping: declared.values, by: \.interface)
        var left = showsPeers ? Self.most : 0
        for name in names.sorted() {
            let peers = observed.devices[name]?.peers ?? []
            var counts: [Status: Int] = Dictionary(uniqueKeysWithValues: Status.allCases.map { ($0, 0) })
            var live: Set<PublicKey> = []
            for peer in peers {
                if peer.isLive(at: now) { live.insert(peer.publicKey) }
                if declared[PeerID(interface: name, publicKey: peer.publicKey)] == nil {
                    counts[.undeclared, default: 0] += 1
                }
            }
            for peer in silent[name] ?? [] {
                let isExpired = peer.expiresAt.map { $0 <= now } ?? false
                let status: Status =
                    !peer.enabled
                    ? .disabled : isExpired ? .expired : live.contains(peer.publicKey) ? .connected : .idle
                counts[status, default: 0] += 1
            }
            let shown = peers.prefix(left)
            left -= shown.count
            if showsPeers { omitted += peers.count - shown.count }
            interfaces.append((name, counts, Self.labelled(Array(shown), at: name, declared, view.report.peers)))
        }
    }

    private static func labelled(
        _ peers: [ObservedPeer], at interface: String, _ declared: [PeerID: Model.Peer], _ known: [PeerID: KnownPeer]
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
