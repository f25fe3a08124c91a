import GRDB
public import Model

/// When receivers got their summary of the day last.
extension GatewayDatabase {
    /// A receiver that got none for so long is forgotten, in seconds: 30 days.
    private static let keptSummaries: Int64 = 30 * 86_400

    /// When this receiver was sent its last one; nil: it is new.
    public func lastSummary(of receiver: String) async throws -> Timestamp? {
        try await access { db in
            try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = ?", arguments: ["summary \(receiver)"])
                .flatMap { Int64($0) }.map { Timestamp(seconds: $0) }
        }
    }

    /// Records that a receiver is sent one.
    public func recordSummary(of receiver: String, at: Timestamp) async throws {
        try await write { db in
            try db.execute(
                sql: "INSERT OR REPLACE INTO meta VALUES (?, ?)",
                arguments: ["summary \(receiver)", String(at.seconds)])
            try db.execute(
                sql: "DELETE FROM meta WHERE key LIKE 'summary %' AND CAST(value AS INTEGER) < ?",
                arguments: [at.seconds - Self.keptSummaries])
        }
    }
}
