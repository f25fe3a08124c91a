import Model

/// A plan as JSON, part of the documents about passes: `schemas/output/plan.schema.json` describes it.
struct PlanJSON {
    let plan: Plan

    init(_ plan: Plan) {
        self.plan = plan
    }

    /// The fields of a plan.
    var fields: [(String, JSONValue)] {
        fields(plan.changes) + [("refusals", .array(plan.refusals.map { Self.json($0, in: plan) }))]
    }

    /// The fields of a plan, with only the changes that are drift.
    var driftFields: [(String, JSONValue)] { fields(plan.drift) + [("refusals", .array([]))] }

    private func fields(_ changes: [Change]) -> [(String, JSONValue)] {
        [
            ("id", .string(plan.id)),
            ("revision", .string(plan.revision)),
            ("observed_at", .string(plan.observedAt.description)),
            ("in_sync", .boolean(changes.isEmpty && plan.problems.isEmpty)),
            ("summary", PlanSummary(changes).json),
            ("changes", .array(changes.map(Self.json))),
            ("problems", .array(plan.problems.map(Self.json))),
            ("notes", .array(plan.notes.map(Self.json))),
        ]
    }

    static func json(_ refusal: RailRefusal, in plan: Plan) -> JSONValue {
        .object([
            ("rail", .string(refusal.rail)),
            ("message", .string(refusal.message)),
            ("digest", .string(refusal.digest)),
            (
                "changes",
                .array(
                    refusal.changes.filter(plan.changes.indices.contains).map { .string(plan.changes[$0].digest) })
            ),
        ])
    }

    static func json(_ change: Change) -> JSONValue {
        .object([
            ("kind", .string(change.object.kind.rawValue)),
            ("name", .string(change.object.name)),
            ("id", .optional(change.peerID)),
            ("public_key", .optional(change.publicKey?.description)),
            ("action", .string(change.action.rawValue)),
            ("reason", .string(change.reason.rawValue)),
            ("revocation", .boolean(change.isRevocation)),
            ("impact", .string(change.impact.rawValue)),
            ("live_sessions", .number(change.liveSessions)),
            ("report_only", .boolean(change.isReportOnly)),
            ("digest", .string(change.digest)),
            (
                "fields",
                .array(
                    change.fields.map {
                        .object([
                            ("field", .string($0.field)), ("before", .optional($0.before)),
                            ("after", .optional($0.after)),
                        ])
                    })
            ),
        ])
    }

    static func json(_ object: ObjectID?) -> JSONValue {
        guard let object else { return .null }
        return .object([("kind", .string(object.kind.rawValue)), ("name", .string(object.name))])
    }

    private static func json(_ problem: PlanProblem) -> JSONValue {
        .object([
            ("type", .string(problem.kind == .error ? "error" : "consent")),
            ("object", json(problem.object)),
            ("message", .string(problem.message)),
        ])
    }

    private static func json(_ note: PlanNote) -> JSONValue {
        .object([("object", json(note.object)), ("message", .string(note.message))])
    }
}
