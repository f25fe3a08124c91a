public import Model

/// What a pass did, or would do, as JSON: `schemas/output/plan.schema.json` and `apply.schema.json` describe it.
public struct PassJSON: Sendable {
    /// The report.
    public var report: PassReport
    /// The exit code of the command, so that a stored document says how it ended.
    public var exitCode: Int32

    /// A rendering.
    public init(_ report: PassReport, exitCode: Int32) {
        self.report = report
        self.exitCode = exitCode
    }

    /// The document `wirebuddy plan --format json` prints.
    public var plan: JSONValue {
        .object([("document", .string("plan"))] + circumstances + simulation + PlanJSON(report.plan).fields)
    }

    /// The document `wirebuddy drift --format json` prints.
    public var drift: JSONValue {
        .object([("document", .string("drift"))] + circumstances + PlanJSON(report.plan).driftFields)
    }

    /// The document `wirebuddy apply --format json` prints.
    public var apply: JSONValue {
        .object(
            [("document", .string("apply"))] + circumstances + [
                ("plan", .object(PlanJSON(report.plan).fields)),
                ("results", .array(zip(report.plan.changes, report.outcomes).map(Self.result))),
                ("remaining", .array(report.remaining.map(PlanJSON.json))),
                ("healing", healing),
                ("writes", .number(report.writes)),
                ("durations_ms", durations),
                ("conditions", .array(report.conditions.map(StatusJSON.json))),
            ])
    }

    /// What every document about a pass says.
    private var circumstances: [(String, JSONValue)] {
        [
            ("exit_code", .number(Int(exitCode))),
            ("pass", .string(report.pass)),
            ("trigger", .string(report.trigger)),
            ("started_at", .string(report.startedAt.description)),
            ("head", revision),
            ("head_failure", failure),
            ("in_force", .optional(report.inForce)),
            ("stale", .boolean(report.isStale)),
            ("suspension", StatusJSON.json(report.suspension)),
            ("clock_refusal", report.clockRefusal.map { PlanJSON.json($0, in: report.plan) } ?? .null),
            ("flapping", Self.json(report.flapping)),
            ("waiting", Self.json(report.unresolved)),
            ("store_failure", .optional(report.storeFailure)),
            ("checkpoint", StatusJSON.json(report.checkpoint)),
            ("checkpoint_failure", .optional(report.checkpointFailure)),
            ("waits_for", .optional(report.waitsFor)),
            ("change_window", StatusJSON.json(report.window)),
            ("irreversible", .array(report.plan.irreversible.map(JSONValue.string))),
        ]
    }

    /// Only where there is something to say: a plan of a host has no such field.
    private var simulation: [(String, JSONValue)] {
        guard let simulation = report.simulation else { return [] }
        let value = JSONValue.object([
            ("base", .string(simulation.base)), ("live_sessions", .string("unknown")),
            ("secrets", .string("stand-ins")),
            ("unresolved_endpoints", .array(simulation.unresolved.map(JSONValue.string))),
        ])
        return [("simulation", value)]
    }

    private var revision: JSONValue {
        guard let revision = report.revision else { return .null }
        return .object([
            ("id", .string(revision.id)), ("origin", .string(revision.origin)), ("dirty", .boolean(revision.isDirty)),
            ("warnings", .array(revision.warnings.map(JSONValue.string))),
        ])
    }

    private var failure: JSONValue {
        switch report.revisionFailure {
        case .unreadable(let why):
            .object([("type", .string("unreadable")), ("revision", .null), ("problems", .array([.string(why)]))])
        case .invalid(let revision, let problems):
            .object([
                ("type", .string("invalid")), ("revision", .string(revision)),
                ("problems", .array(problems.map(JSONValue.string))),
            ])
        case nil: .null
        }
    }

    private var healing: JSONValue {
        guard let healing = report.healing else { return .null }
        return .object([
            ("results", .array(zip(healing.plan.changes, healing.outcomes).map(Self.result))),
            ("remaining", .array(healing.remaining.map(PlanJSON.json))),
        ])
    }

    private var durations: JSONValue {
        .object(
            report.durations.parts.map { name, duration in
                let (seconds, attoseconds) = duration.components
                return (name, .integer(seconds * 1000 + attoseconds / 1_000_000_000_000_000))
            })
    }

    /// A change is named by its place in the plan, so that it isn't printed twice.
    private static func result(_ change: Change, _ outcome: Outcome) -> JSONValue {
        .object([
            ("object", PlanJSON.json(change.object)),
            ("digest", .string(change.digest)),
            ("outcome", .string(OutcomeClass(outcome).rawValue)),
            ("message", .optional(PassText.message(of: outcome))),
        ])
    }

    private static func json(_ reasons: [ObjectID: String]) -> JSONValue {
        .array(
            reasons.sorted { $0.key < $1.key }.map { object, why in
                .object([("object", PlanJSON.json(object)), ("message", .string(why))])
            })
    }
}
