public import Model

/// The history of drift as JSON: `schemas/output/drift-history.schema.json` describes it.
public enum DriftHistoryJSON {
    /// One record.
    public static func json(_ record: DriftRecord) -> JSONValue {
        .object([
            ("object", PlanJSON.json(record.object)),
            ("peer_id", .optional(record.peer)),
            ("action", .string(record.action.rawValue)),
            ("fields", .array(record.fields.map(json))),
            ("fingerprint", .string(record.fingerprint)),
            ("first_seen", .string("\(record.firstSeen)")),
            ("last_seen", .string("\(record.lastSeen)")),
            ("count", .number(record.count)),
            ("healed_at", .optional(record.healedAt?.description)),
            ("healed_by", .optional(record.healing?.rawValue)),
            ("pass", .string(record.pass)),
            (
                "likely_writer",
                record.writer.map { .object([("name", .string($0.name)), ("evidence", .string($0.evidence))]) } ?? .null
            ),
        ])
    }

    /// The document that `wirebuddy drift --history --format json` prints.
    public static func document(_ history: DriftHistory, since: Timestamp?) -> JSONValue {
        .object([
            ("document", .string("drift-history")), ("exit_code", .number(0)),
            ("since", .optional(since?.description)), ("total", .number(history.total)),
            ("records", .array(history.records.map(json))),
        ])
    }

    private static func json(_ field: FieldChange) -> JSONValue {
        .object([
            ("field", .string(field.field)), ("before", .optional(field.before)), ("after", .optional(field.after)),
        ])
    }
}
