import Gateway
import Model
import Reconciler

/// Turns reports of passes into events: what stands unchanged from pass to pass is told once.
struct EventWatch {
    private struct RevisionState: Equatable {
        var id: String
        var state: String
    }

    private var revision: RevisionState?
    private var drift: Set<String> = []
    private var live: Set<PeerID>?
    /// The catalog of the revision in force.
    private var catalog: Catalog?
    private var catalogRevision: String?

    /// More objects of one pass than this are summed up.
    static let limit = 100

    /// The events of a pass.
    mutating func events(_ report: PassReport, catalog: Catalog?) -> [GatewayEvent] {
        remember(catalog, revision: report.inForce)
        return revisionEvents(report) + [passEvent(report)] + driftEvents(report) + peerEvents(report)
    }

    private mutating func remember(_ catalog: Catalog?, revision: String?) {
        guard let catalog, catalogRevision == nil || catalogRevision != revision else { return }
        (self.catalog, catalogRevision) = (catalog, revision)
    }

    /// The declared ones among `peers`. They are looked for where they stand: most passes tell of none, and few of many.
    private func declared(_ peers: Set<PeerID>) -> [PeerID: Peer] {
        guard let catalog, !peers.isEmpty else { return [:] }
        var found: [PeerID: Peer] = [:]
        for peer in catalog.peers {
            let id = PeerID(interface: peer.interface, publicKey: peer.publicKey)
            if peers.contains(id), found[id] == nil { found[id] = peer }
        }
        return found
    }

    private func passEvent(_ report: PassReport) -> GatewayEvent {
        let isFailed = report.exitCode != .success
        let isQuiet = report.plan.changes.isEmpty && report.healing == nil
        return GatewayEvent(
            .pass, at: report.startedAt,
            [
                ("pass", .string(report.pass)), ("revision", .optional(report.inForce)),
                ("state", .string(isFailed ? "failed" : isQuiet ? "in_sync" : "converged")),
                ("changes", .number(report.outcomes.count { $0 == .done })),
                ("message", .string(report.trigger)),
            ])
    }

    private mutating func revisionEvents(_ report: PassReport) -> [GatewayEvent] {
        let next: RevisionState
        var message: String?
        switch report.revisionFailure {
        case .unreadable: return []
        case .invalid(let id, let problems):
            next = RevisionState(id: id, state: "failed")
            message = problems.first
        case nil:
            guard let id = report.revision?.id else { return [] }
            if let refusal = report.plan.refusals.first {
                next = RevisionState(id: id, state: "failed")
                message = "\(refusal.rail): \(refusal.message)"
            } else if report.suspension != nil, report.plan.changes.contains(where: { !$0.isRevocation }) {
                next = RevisionState(id: id, state: "pending")
            } else if report.isHeldByWindow {
                next = RevisionState(id: id, state: "pending")
                message = report.window?.reason
            } else {
                next = RevisionState(id: id, state: report.exitCode == .success ? "applied" : "failed")
            }
        }
        guard next != revision else { return [] }
        revision = next
        return [
            GatewayEvent(
                .revision, at: report.startedAt,
                [
                    ("revision", .string(next.id)), ("state", .string(next.state)), ("message", .optional(message)),
                ])
        ]
    }

    private mutating func driftEvents(_ report: PassReport) -> [GatewayEvent] {
        let healing = report.healing.map { zip($0.plan.changes, $0.outcomes).map { (change: $0, outcome: $1) } } ?? []
        let found = (report.results + healing).filter { $0.change.reason == .drift }
        let new = found.filter { !drift.contains($0.change.digest) || $0.outcome == .done }
        drift = Set(found.filter { $0.outcome != .done }.map(\.change.digest))
        guard new.count <= Self.limit else {
            return [GatewayEvent(.drift, at: report.startedAt, [("changes", .number(new.count))])]
        }
        let declared = declared(Set(new.compactMap { Self.peer(of: $0.change) }))
        return new.map { change, outcome in
            let peer = Self.peer(of: change).flatMap { declared[$0] }
            return GatewayEvent(
                .drift, at: report.startedAt, for: peer.map { .owner($0.owner) } ?? .admins,
                [
                    ("pass", .string(report.pass)),
                    (
                        "object",
                        .object([
                            ("kind", .string(change.object.kind.rawValue)), ("name", .string(change.object.name)),
                        ])
                    ),
                    ("peer_id", .optional(change.peerID)),
                    ("state", .string(outcome == .done ? "healed" : "found")),
                    ("message", .string(Self.describe(change))),
                ])
        }
    }

    private static func peer(of change: Change) -> PeerID? {
        guard change.object.kind == .peer, let key = change.publicKey,
            let interface = change.object.name.split(separator: "/").first
        else { return nil }
        return PeerID(interface: String(interface), publicKey: key)
    }

    private static func describe(_ change: Change) -> String {
        let fields = change.fields.prefix(6).map {
            "\($0.field) is \($0.before ?? "absent") instead of \($0.after ?? "absent")"
        }
        return fields.isEmpty ? "\(change.action.rawValue) is needed" : fields.joined(separator: "; ")
    }

    private mutating func peerEvents(_ report: PassReport) -> [GatewayEvent] {
        let observed = report.observed
        var now: Set<PeerID> = []
        for (interface, device) in observed.devices {
            for peer in device.peers where peer.isLive(at: observed.takenAt) {
                now.insert(PeerID(interface: interface, publicKey: peer.publicKey))
            }
        }
        defer { live = now }
        // The first look says what is, not what happened.
        guard let before = live else { return [] }
        let declared = declared(now.symmetricDifference(before))
        let changed =
            now.subtracting(before).map { ($0, "connected") } + before.subtracting(now).map { ($0, "idle") }
        return changed.compactMap { id, state -> (Peer, GatewayEvent)? in
            guard let peer = declared[id] else { return nil }
            let event = GatewayEvent(
                .peer, at: observed.takenAt, for: .owner(peer.owner),
                [
                    ("peer_id", .optional(report.peers[id]?.id ?? peer.id)), ("interface", .string(peer.interface)),
                    ("name", .string(peer.name)), ("state", .string(state)),
                ])
            return (peer, event)
        }
        .sorted { ($0.0.interface, $0.0.name) < ($1.0.interface, $1.0.name) }.map(\.1)
    }
}
