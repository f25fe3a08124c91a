import Gateway
import Model
import Reconciler

/// The gateway at a glance: sums of everything; names only for who may see all peers.
struct DashboardDocument {
    /// What is declared and observed.
    let state: ResourceState
    /// What moved of late.
    let recent: RecentTraffic
    /// What the DNS forwarder did in the last 24 hours.
    let queries: QueryStatisticsDocument
    /// When something was healed last; nil: not among the newest events.
    let lastHealed: Timestamp?
    /// What the process uses.
    let system: SystemFacts
    /// Whether the names of peers are shown.
    let showsNames: Bool
    /// When it is.
    let now: Timestamp

    /// How many peers are named.
    private static let topCount = 10

    var json: JSONValue {
        .object(
            [
                ("interfaces", interfaces), ("peers", peers), ("traffic", traffic), ("dns", .object(queries.entries)),
                ("drift", drift), ("revision", revision),
            ] + (showsNames ? [("top_peers", topPeers)] : []) + [("system", processes)])
    }

    private var interfaces: JSONValue {
        let all = state.index.interfaces
        return .object([
            ("total", .number(all.count)),
            ("active", .number(all.count { InterfaceDocument($0, in: state).isActive })),
        ])
    }

    private var peers: JSONValue {
        let counts = state.peers.counts
        return .object(
            [("total", .number(state.index.peers.count))]
                + PeerStatus.allCases.map { ($0.rawValue, .number(counts[$0] ?? 0)) })
    }

    private var traffic: JSONValue {
        let today = Self.sum(recent.today)
        let rates = Self.sum(recent.rates)
        return .object([
            ("since", .string(TrafficResolution.daily.bucket(of: now).description)),
            ("counted", .string(CountedBytes.encrypted.rawValue)),
            ("rx", .count(today.received)),
            ("tx", .count(today.sent)),
            ("rx_bps", .count(rates.received)),
            ("tx_bps", .count(rates.sent)),
            ("sampled_at", .optional(recent.sampledAt?.description)),
        ])
    }

    /// Everything of peers: at the interfaces the same bytes are counted once more.
    private static func sum(_ traffic: [TrafficSubject: TrafficBytes]) -> TrafficBytes {
        traffic.reduce(into: TrafficBytes()) { sum, entry in
            if case .peer = entry.key { sum += entry.value }
        }
    }

    private var drift: JSONValue {
        .object([
            ("count", .number(state.observed.driftCount)), ("last_healed", .optional(lastHealed?.description)),
        ])
    }

    private var revision: JSONValue {
        .object([
            ("applied", .optional(state.observed.revision)),
            ("head", .string(head)),
            ("state", .string(progress.rawValue)),
        ])
    }

    /// The newest commit, also one that is not valid.
    private var head: String {
        if !state.problems.isEmpty, case .invalid(let revision, _)? = state.view?.report.revisionFailure {
            return revision
        }
        return state.declared.revision
    }

    /// How far the head is brought to the host.
    private enum Progress: String {
        case converged, pending, failed, suspended
    }

    private var progress: Progress {
        guard let report = state.view?.report else { return .pending }
        if report.suspension != nil { return .suspended }
        if !state.problems.isEmpty || report.revisionFailure != nil || !report.plan.refusals.isEmpty { return .failed }
        if report.inForce != state.declared.revision { return .pending }
        switch state.observed.worstStanding {
        case .failed: return .failed
        case .pending: return .pending
        case .inSync, .drifted: return .converged
        }
    }

    private var topPeers: JSONValue {
        var moved: [(position: Int, bytes: TrafficBytes)] = []
        for (subject, bytes) in recent.today {
            guard case .peer(let id) = subject, let position = state.index.position(of: id) else { continue }
            moved.append((position, bytes))
        }
        moved.sort { ($1.bytes.total, $0.position) < ($0.bytes.total, $1.position) }
        return .array(
            moved.prefix(Self.topCount).map { position, bytes in
                let entry = state.index.peers[position]
                let rates = recent.rates[.peer(entry.id)] ?? TrafficBytes()
                return .object([
                    ("id", .string(entry.id)), ("name", .string(entry.peer.name)),
                    ("interface", .string(entry.peer.interface)),
                    ("rx", .count(bytes.received)), ("tx", .count(bytes.sent)), ("total", .count(bytes.total)),
                    ("rx_bps", .count(rates.received)), ("tx_bps", .count(rates.sent)),
                ])
            })
    }

    private var processes: JSONValue {
        .object([
            ("cpu_seconds", .decimal(units: system.processorCentiseconds, places: 2)),
            ("rss_bytes", .integer(system.residentBytes)),
            ("uptime_seconds", .integer(system.uptimeSeconds)),
            ("databases", .object(system.databases.map { ($0.name, .object([("bytes", .integer($0.bytes))])) })),
        ])
    }
}
