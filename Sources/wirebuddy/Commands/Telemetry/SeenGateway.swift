import Model

/// An interface, as the API lists it.
struct SeenInterface: Decodable {
    let name: String
    let status: String
    let peerCount: Int
    let observed: Observed
    let observedAt: WrittenTime?

    private enum CodingKeys: String, CodingKey {
        case name, status, observed
        case peerCount = "peer_count"
        case observedAt = "observed_at"
    }

    struct Observed: Decodable {
        private let received: UInt64
        private let sent: UInt64

        private enum CodingKeys: String, CodingKey {
            case received = "transfer_rx"
            case sent = "transfer_tx"
        }

        var bytes: TrafficBytes { TrafficBytes(received: received, sent: sent) }
    }
}

/// A peer, as the API lists it.
struct SeenPeer: Decodable {
    let id: String
    let name: String
    let interface: String
    let status: String
    let lastHandshake: WrittenTime?
    private let received: UInt64
    private let sent: UInt64
    private let observed: Observed
    let observedAt: WrittenTime?

    private enum CodingKeys: String, CodingKey {
        case id, name, interface, status, observed
        case lastHandshake = "last_handshake"
        case received = "transfer_rx"
        case sent = "transfer_tx"
        case observedAt = "observed_at"
    }

    private struct Observed: Decodable {
        let endpoint: String?
    }

    var bytes: TrafficBytes { TrafficBytes(received: received, sent: sent) }
    var endpoint: String? { observed.endpoint }
    /// What nobody else is called.
    var fullName: String { "\(interface)/\(name)" }
}

/// A page of peers.
private struct PeerPage: Decodable {
    let peers: [SeenPeer]
    let total: Int
}

extension DaemonClient {
    /// All interfaces.
    ///
    /// - Throws: as ``get(_:of:)``.
    func interfaces() async throws -> [SeenInterface] { try await get("/api/interfaces") }

    /// The peers that fit a query of `/api/peers`, all pages of it.
    ///
    /// - Throws: as ``get(_:of:)``.
    func peers(_ query: String = "") async throws -> [SeenPeer] {
        var peers: [SeenPeer] = []
        var known: Set<String> = []
        var offset = 0
        while true {
            let page: PeerPage = try await get(
                "/api/peers?limit=100&offset=\(offset)\(query.isEmpty ? "" : "&\(query)")")
            // Somebody may add and remove meanwhile, which moves the rest.
            peers += page.peers.filter { known.insert($0.id).inserted }
            offset += page.peers.count
            if page.peers.isEmpty || offset >= page.total { return peers }
        }
    }
}
