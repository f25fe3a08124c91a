import Gateway
import Manifest
import Model
import Reconciler

/// A peer as the API shows it: the documented fields, what is declared, and what was observed.
struct PeerDocument {
    private let peer: Peer
    private let id: String
    private let status: PeerStatus
    private let seen: ObservedPeer?
    private let place: Place
    private let standing: ObservedIndex.Standing
    private let takenAt: Timestamp?

    /// What the contract shows first, in its order.
    private static let documented: Set = ["id", "name", "interface", "ip"]

    /// - Parameter place: where it connects from.
    init(
        _ peer: Peer, id: String, status: PeerStatus, seen: ObservedPeer?, place: Place,
        standing: ObservedIndex.Standing, takenAt: Timestamp?
    ) {
        self.peer = peer
        self.id = id
        self.status = status
        self.seen = seen
        self.place = place
        self.standing = standing
        self.takenAt = takenAt
    }

    var json: JSONValue {
        .object(
            [
                ("id", .string(id)),
                ("name", .string(peer.name)),
                ("interface", .string(peer.interface)),
                ("ip", .optional(peer.ip.first?.description)),
                ("status", .string(status.rawValue)),
                ("last_handshake", .optional(seen?.lastHandshake?.description)),
                ("transfer_tx", .integer(Int64(clamping: seen?.sentBytes ?? 0))),
                ("transfer_rx", .integer(Int64(clamping: seen?.receivedBytes ?? 0))),
            ] + Manifest.json(of: peer).filter { !Self.documented.contains($0.0) } + [
                ("etag", .string(ObjectTag.of(peer))),
                ("observed", observed),
                ("observed_at", .optional(takenAt?.description)),
            ])
    }

    private var observed: JSONValue {
        .object([
            ("endpoint", .optional(seen?.endpoint?.description)),
            ("country", .optional(place.country)),
            ("asn", place.asn.map { .integer(Int64($0)) } ?? .null),
            ("state", .string(standing.rawValue)),
        ])
    }
}
