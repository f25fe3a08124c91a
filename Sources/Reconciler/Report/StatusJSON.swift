public import Model

/// A status report as JSON: `schemas/output/status.schema.json` describes it.
public struct StatusJSON: Sendable {
    /// The report.
    public var report: StatusReport

    /// A rendering.
    public init(_ report: StatusReport) {
        self.report = report
    }

    /// The document `wirebuddy status --format json` prints.
    public var value: JSONValue {
        .object([
            ("document", .string("status")),
            ("exit_code", .number(Int(report.exitCode.rawValue))),
            ("at", .string(report.at.description)),
            ("config", .string(report.config)),
            ("state", .string(report.state)),
            ("revision", head),
            ("remote", remote),
            ("problems", .array(report.headProblems.map(JSONValue.string))),
            ("last_applied", Self.json(report.lastApplied)),
            ("last_attempted", Self.json(report.lastAttempted)),
            ("last_pass", .optional(report.lastPass?.description)),
            ("daemon", .optional(report.daemon)),
            ("suspension", Self.json(report.suspension)),
            ("checkpoint", Self.json(report.checkpoint)),
            ("change_window", Self.json(report.window)),
            ("revocations", .array(report.revocations.map(Self.json))),
            ("conditions", .array(report.conditions.map(Self.json))),
            ("unobserved", .optional(report.unobserved)),
            ("interfaces", .array(report.interfaces.map(Self.json))),
            ("telemetry", report.telemetry.map(Self.json) ?? .null),
            ("events", .array(report.events.map(Self.json))),
        ])
    }

    private var head: JSONValue {
        guard let head = report.head else { return .null }
        return .object([
            ("id", .string(head.id)), ("origin", .string(head.origin)), ("dirty", .boolean(!head.edited.isEmpty)),
            ("edited", .array(head.edited.map(JSONValue.string))),
            ("notes", .array(head.notes.map(JSONValue.string))),
        ])
    }

    private var remote: JSONValue {
        guard let remote = report.remote else { return .null }
        return .object([
            ("name", .string(remote.name)), ("state", .string(remote.state)), ("ahead", .number(remote.ahead)),
            ("behind", .number(remote.behind)), ("since", .optional(remote.since?.description)),
            ("reason", .optional(remote.reason.isEmpty ? nil : remote.reason)),
            ("checked", .optional(remote.checked?.description)),
        ])
    }

    private static func json(_ record: RevisionRecord?) -> JSONValue {
        guard let record else { return .null }
        return .object([
            ("id", .string(record.id)), ("status", .string(record.status.rawValue)),
            ("message", .string(record.message)), ("at", .string(record.at.description)),
        ])
    }

    static func json(_ suspension: Suspension?) -> JSONValue {
        guard let suspension else { return .null }
        return .object([
            ("reason", .string(suspension.reason)), ("until", .optional(suspension.until?.description)),
        ])
    }

    static func json(_ window: ClosedWindow?) -> JSONValue {
        guard let window else { return .null }
        return .object([
            ("revision", .string(window.revision)), ("opens_at", .optional(window.opensAt?.description)),
            ("effect", .string(window.effect.rawValue)), ("failure", .optional(window.failure)),
        ])
    }

    /// A checkpoint, as in every document that has one.
    public static func json(_ checkpoint: Checkpoint?) -> JSONValue {
        guard let checkpoint else { return .null }
        return .object([
            ("id", .string(checkpoint.id)), ("state", .string(checkpoint.state.rawValue)),
            ("tried", .string(checkpoint.tried)), ("confirmed", .string(checkpoint.confirmed)),
            ("begun_at", .string(checkpoint.begunAt.description)),
            ("deadline", .string(checkpoint.deadline.description)),
            ("message", .optional(checkpoint.message.isEmpty ? nil : checkpoint.message)),
            ("probes", .array(checkpoint.probes.map(json))),
        ])
    }

    private static func json(_ probe: CheckpointProbe) -> JSONValue {
        .object([
            ("kind", .string(probe.probe.kind.rawValue)), ("target", .string(probe.probe.target)),
            ("state", .string(probe.state.rawValue)),
            ("message", .optional(probe.message.isEmpty ? nil : probe.message)),
        ])
    }

    /// A revocation, as in the status document.
    public static func json(_ revocation: Revocation) -> JSONValue {
        .object([
            ("public_key", .string(revocation.publicKey.description)),
            ("until", .string(revocation.until.description)), ("author", .string(revocation.author)),
        ])
    }

    static func json(_ condition: Condition) -> JSONValue {
        .object([
            ("object", PlanJSON.json(condition.object)), ("type", .string(condition.kind.rawValue)),
            ("holds", .boolean(condition.holds)), ("message", .string(condition.message)),
            ("since", .string(condition.since.description)),
        ])
    }

    private static func json(_ interface: InterfaceStatus) -> JSONValue {
        .object([
            ("name", .string(interface.name)),
            ("backend", .optional(interface.implementation?.rawValue)),
            ("up", .boolean(interface.isUp)),
            ("public_key", .optional(interface.publicKey?.description)),
            ("listen_port", interface.listenPort.map { .number(Int($0)) } ?? .null),
            ("mtu", interface.mtu.map(JSONValue.number) ?? .null),
            ("addresses", .array(interface.addresses.map { .string($0.description) })),
            ("live_peers", .number(interface.peers.count(where: \.isLive))),
            ("peers", .array(interface.peers.map(json))),
        ])
    }

    private static func json(_ peer: PeerStatus) -> JSONValue {
        .object([
            ("name", .optional(peer.name)),
            ("id", .optional(peer.id)),
            ("public_key", .string(peer.publicKey.description)),
            ("endpoint", .optional(peer.endpoint?.description)),
            ("allowed_ips", .array(peer.allowedIPs.map { .string($0.description) })),
            ("last_handshake", .optional(peer.lastHandshake?.description)),
            ("live", .boolean(peer.isLive)),
            ("received_bytes", .integer(Int64(clamping: peer.receivedBytes))),
            ("sent_bytes", .integer(Int64(clamping: peer.sentBytes))),
        ])
    }

    private static func json(_ telemetry: TelemetryStatus) -> JSONValue {
        let flows = telemetry.flows
        return .object([
            ("last_sample", .optional(telemetry.lastSample?.description)),
            ("failure", .optional(telemetry.failure)),
            ("database_bytes", .integer(telemetry.databaseBytes)),
            (
                "flows",
                .object([
                    ("state", .string(flows.state.rawValue)),
                    ("message", .optional(flows.message)),
                    ("unaccounted_flows", .number(flows.unaccounted)),
                    ("lost_events", .integer(Int64(clamping: flows.lostEvents))),
                    ("count", flows.count.map(JSONValue.number) ?? .null),
                    ("limit", flows.limit.map(JSONValue.number) ?? .null),
                ])
            ),
            (
                "geoip",
                .array(
                    telemetry.databases.map { database in
                        .object([
                            ("use", .string(database.use)),
                            ("path", .string(database.path)),
                            ("built", .optional(database.built?.description)),
                            ("type", .optional(database.type)),
                            ("failure", .optional(database.failure)),
                        ])
                    })
            ),
        ])
    }

    /// An event, as in the status document.
    public static func json(_ event: Event) -> JSONValue {
        .object([
            ("at", .string(event.at.description)), ("pass", .string(event.pass)),
            ("type", .string(event.kind.rawValue)), ("object", PlanJSON.json(event.object)),
            ("peer_id", .optional(event.peer)),
            ("message", .string(event.message)),
        ])
    }
}
