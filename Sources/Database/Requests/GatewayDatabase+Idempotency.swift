import GRDB
public import Model

/// Requests that are done once.
extension GatewayDatabase {
    /// What is remembered under a key; nil: nothing, or it is too old.
    public func idempotencyRecord(_ key: String, now: Timestamp) async throws -> IdempotencyRecord? {
        try await access { db in
            try Row.fetchOne(
                db,
                sql: "SELECT key, request, status, object, revision, at FROM idempotency WHERE key = ? AND at > ?",
                arguments: [key, now.seconds - IdempotencyRecord.lifetime]
            ).map(CheckedRow.init).map { row in
                IdempotencyRecord(
                    key: try row[0], request: try row[1], status: try row[2], object: try row[3],
                    revision: try row[4], at: try row.time(5))
            }
        }
    }

    /// Remembers a request. What is too old, or too much, goes: the oldest first.
    public func recordIdempotency(_ record: IdempotencyRecord) async throws {
        try await write { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO idempotency (key, request, status, object, revision, at)"
                    + " VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [
                    record.key, record.request, record.status, record.object, record.revision, record.at.seconds,
                ])
            try db.execute(
                sql: "DELETE FROM idempotency WHERE at <= ?",
                arguments: [record.at.seconds - IdempotencyRecord.lifetime])
            try db.execute(
                sql: "DELETE FROM idempotency WHERE key IN"
                    + " (SELECT key FROM idempotency ORDER BY at DESC, key LIMIT -1 OFFSET ?)",
                arguments: [IdempotencyRecord.limit])
        }
    }
}
