import GRDB
public import Model

/// Pauses of filtering: no desired state, and no drift. They outlive a restart and end by themselves.
extension GatewayDatabase {
    /// The pauses that have not ended, everybody's first, the others by client. Those that have ended are deleted.
    public func pauses(now: Timestamp) async throws -> [FilteringPauseEntry] {
        let all = try await access { db in
            var entries: [FilteringPauseEntry] = []
            let sql = "SELECT client, until, author FROM filtering_pause ORDER BY client"
            try InventoryReader.each(db, sql) { row in
                let client: String = try row[0]
                entries.append(
                    FilteringPauseEntry(
                        client: client.isEmpty ? nil : client, until: try row.time(1), author: try row[2]))
            }
            return entries
        }
        let running = all.filter { $0.until > now }
        if running.count < all.count {
            try await write { db in
                try db.execute(sql: "DELETE FROM filtering_pause WHERE until <= ?", arguments: [now.seconds])
            }
        }
        return running
    }

    /// Begins a pause, in place of the one that this client, or everybody, may have.
    public func pause(_ entry: FilteringPauseEntry) async throws {
        try await write { db in
            try db.execute(
                sql: """
                    INSERT INTO filtering_pause (client, until, author) VALUES (?, ?, ?)
                    ON CONFLICT (client) DO UPDATE SET until = excluded.until, author = excluded.author
                    WHERE until <> excluded.until OR author <> excluded.author
                    """,
                arguments: [entry.client ?? "", entry.until.seconds, entry.author])
        }
    }

    /// Ends the pause of a client, or the one of everybody (nil), which leaves the pauses of single clients running.
    public func resume(client: String?) async throws {
        try await write { db in
            try db.execute(sql: "DELETE FROM filtering_pause WHERE client = ?", arguments: [client ?? ""])
        }
    }

    /// Ends all pauses.
    public func resumeAll() async throws {
        try await write { db in try db.execute(sql: "DELETE FROM filtering_pause") }
    }
}
