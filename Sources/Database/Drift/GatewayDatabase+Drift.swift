import GRDB
import Model
public import Reconciler

/// The history of drift.
extension GatewayDatabase {
    /// How many records of drift are kept: those that ended first are dropped first.
    public static let keptDrift = 10_000
    /// How long a record is kept after its end, in seconds: a year.
    public static let keptDriftSeconds: Int64 = 365 * 86_400
    /// Within this time after its end the same drift counts on in its record, in seconds: a day.
    static let driftReturn: Int64 = 86_400

    /// Records drift that was seen and drift that is gone, and drops what is more than is kept.
    public func recordDrift(_ update: DriftUpdate) async throws {
        try await record { inventory -> DriftUpdate? in
            var update = update
            update.gone = update.gone.filter { inventory.standingDrift[$0.key] != nil }
            return update.isEmpty ? nil : update
        } store: { db, update in
            let writer = DriftWriter(db, pass: update.pass, at: update.at)
            for record in update.seen { try writer.write(record) }
            for (fingerprint, healing) in update.gone { try writer.end(fingerprint, healing) }
            try writer.dropOld(more: Self.keptDrift, than: Self.keptDriftSeconds)
        } apply: { inventory, update in
            for record in update.seen {
                inventory.standingDrift[record.fingerprint] =
                    record.healedAt == nil ? StandingDrift(object: record.object, lastSeen: record.lastSeen) : nil
            }
            for fingerprint in update.gone.keys { inventory.standingDrift[fingerprint] = nil }
        }
    }

    /// A part of the history of drift: what stands first, then what was seen last.
    public func driftHistory(_ filter: DriftFilter) async throws -> DriftHistory {
        try await access { db in
            let condition = "WHERE healed_at IS NULL OR last_seen >= ? OR healed_at >= ?"
            let since = filter.since?.seconds ?? .min
            var records: [DriftRecord] = []
            var total = 0
            // One read transaction: records, their fields and the total are of one moment.
            try db.inTransaction(.deferred) {
                total =
                    try Int.fetchOne(db, sql: "SELECT count(*) FROM drift \(condition)", arguments: [since, since]) ?? 0
                let rows = try Row.fetchAll(
                    db,
                    sql: """
                        SELECT id, object_kind, object_name, peer, action, fingerprint, first_seen, last_seen, count,
                            healed_at, healed_how, pass, writer, evidence
                        FROM drift \(condition)
                        ORDER BY healed_at IS NOT NULL, last_seen DESC, id DESC LIMIT ? OFFSET ?
                        """, arguments: [since, since, max(0, filter.limit), max(0, filter.offset)])
                records = try rows.map(CheckedRow.init).map { row in
                    try Self.record(row, fields: Self.fields(db, of: row[0]))
                }
                return .commit
            }
            return DriftHistory(records: records, total: total)
        }
    }

    private static func fields(_ db: Database, of id: Int64) throws -> [FieldChange] {
        var fields: [FieldChange] = []
        let select = try db.cachedStatement(
            sql: "SELECT field, before, after FROM drift_field WHERE drift = ? ORDER BY position")
        let rows = try Row.fetchCursor(select, arguments: [id])
        while let row = try rows.next().map(CheckedRow.init) {
            fields.append(FieldChange(try row[0], before: try row[1], after: try row[2]))
        }
        return fields
    }

    private static func record(_ row: CheckedRow, fields: [FieldChange]) throws -> DriftRecord {
        let writer: LikelyWriter? =
            if let name = try row[12] as String?, let evidence = try row[13] as String? {
                LikelyWriter(name: name, evidence: evidence)
            } else {
                nil
            }
        return DriftRecord(
            object: ObjectID(try InventoryReader.value(row[1], "drift.object_kind"), try row[2]), peer: try row[3],
            action: try InventoryReader.value(row[4], "drift.action"), fields: fields,
            fingerprint: try row[5],
            firstSeen: try row.time(6), lastSeen: try row.time(7), count: try row[8],
            healedAt: try row.optionalTime(9),
            healing: try (row[10] as String?).map { try InventoryReader.value($0, "drift.healed_how") },
            pass: try row[11], writer: writer)
    }
}
