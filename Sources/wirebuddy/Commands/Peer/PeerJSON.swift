import Gateway
import Manifest
import Model
import Reconciler

/// A declared peer as JSON: never a secret, only whether there is one.
struct PeerJSON {
    private let peer: Peer
    private let fields: [(String, JSONValue)]

    init(_ peer: Peer, _ tree: ManifestTree, _ sessions: Sessions, _ now: Timestamp) {
        self.peer = peer
        fields = [
            ("name", .string(peer.name)),
            ("interface", .string(peer.interface)),
            ("id", .optional(PeerQuery.id(of: peer, in: tree))),
            ("ip", .array(peer.ip.map { .string($0.description) })),
            ("public_key", .optional(peer.publicKey.isZero ? nil : peer.publicKey.description)),
            ("enabled", .boolean(peer.enabled)),
            ("expires_at", .optional(peer.expiresAt?.description)),
            ("status", .string(sessions.status(of: peer, at: now))),
            ("last_handshake", .optional(sessions.lastHandshake(of: peer)?.description)),
        ]
    }

    /// The row of a list.
    var summary: JSONValue { .object(fields) }

    /// Everything that is declared.
    var details: JSONValue {
        .object(
            fields + [
                ("dns_name", .string(peer.dnsName)),
                ("routing_mode", .string(peer.routingMode.rawValue)),
                ("allowed_ips", .array(peer.allowedIPs.map { .string($0.description) })),
                ("routes", .array(peer.routes.map { .string($0.description) })),
                ("endpoint", .optional(peer.endpoint?.description)),
                ("persistent_keepalive", peer.persistentKeepalive.map { .number(Int($0)) } ?? .null),
                ("isolated", peer.isolated.map(JSONValue.boolean) ?? .null),
                ("owner", .optional(peer.owner)),
                ("has_private_key", .boolean(peer.privateKey != nil)),
                ("has_preshared_key", .boolean(peer.presharedKey != nil)),
                ("description", .string(peer.description)),
                ("labels", .object(peer.labels.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) })),
                ("file", .string(peer.location.path)),
                ("line", .number(peer.location.line)),
            ])
    }
}
