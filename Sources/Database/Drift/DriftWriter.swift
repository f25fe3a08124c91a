import GRDB
import Model
import Reconciler

/// Writes the history of drift within a transaction.
struct DriftWriter {
    private let db: Database
    private let pass: String
    private let at: Int64

    init(_ db: Database, pass: String, at: Timestamp) {
        self.db = db
        self.pass = pass
        self.at = at.seconds
    }

    /// Writes drift that was seen: to its standing record, to the one that ended lately, or to a new one.
    func write(_ record: DriftRecord) throws {
        let news: StatementArguments = [
            record.lastSeen.seconds, record.healedAt?.seconds, record.healing?.rawValue, pass, record.writer?.name,
            record.writer?.evidence, record.fingerprint,
        ]
        // A clue that was found stays when nothing points to anybody later.
        let assignments = """
            last_seen = ?, healed_at = ?, healed_how = ?, pass = ?, writer = coalesce(?, writer),
            evidence = coalesce(?, evidence)
            """
        try run("UPDATE drift SET \(assignments) WHERE fingerprint = ? AND healed_at IS NULL", news)
        if db.changesCount > 0 { return }
        try run(
            """
            UPDATE drift SET \(assignments), count = count + 1 WHERE id = (
                SELECT id FROM drift WHERE fingerprint = ? AND healed_at > ? ORDER BY healed_at DESC LIMIT 1)
            """, news + [at - GatewayDatabase.driftReturn])
        if db.changesCount > 0 { return }
        try insert(record)
    }

    /// Writes that standing drift is gone.
    func end(_ fingerprint: String, _ healing: DriftRecord.Healing) throws {
        try run(
            "UPDATE drift SET healed_at = ?, healed_how = ?, pass = ? WHERE fingerprint = ? AND healed_at IS NULL",
            [at, healing.rawValue, pass, fingerprint])
    }

    /// Drops what ended longer ago than `seconds`, and what is more than `count`: what ended first, then what has been
    /// seen least lately.
    func dropOld(more count: Int, than seconds: Int64) throws {
        try run("DELETE FROM drift WHERE healed_at < ?", [at - seconds])
        let excess = (try Int.fetchOne(db, sql: "SELECT count(*) FROM drift") ?? 0) - count
        guard excess > 0 else { return }
        try run(
            """
            DELETE FROM drift WHERE id IN (
                SELECT id FROM drift ORDER BY healed_at IS NULL, healed_at, last_seen, id LIMIT ?)
            """, [excess])
    }

    private func insert(_ record: DriftRecord) throws {
        try run(
            """
            INSERT INTO drift (object_kind, object_name, peer, action, fingerprint, first_seen, last_seen, count,
                healed_at, healed_how, pass, writer, evidence)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
            [
                record.object.kind.rawValue, record.object.name, record.peer, record.action.rawValue,
                record.fingerprint, record.firstSeen.seconds, record.lastSeen.seconds, record.count,
                record.healedAt?.seconds, record.healing?.rawValue, pass, record.writer?.name,
                record.writer?.evidence,
            ])
        let id = db.lastInsertedRowID
        for (position, field) in record.fields.enumerated() {
            try run(
                "INSERT INTO drift_field VALUES (?, ?, ?, ?, ?)",
                [id, position, field.field, field.before, field.after])
        }
    }

    private func run(_ sql: String, _ arguments: StatementArguments) throws {
        try db.cachedStatement(sql: sql).execute(arguments: arguments)
    }
}
