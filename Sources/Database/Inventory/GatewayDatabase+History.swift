import GRDB
public import Model
public import Reconciler

/// What happened: revisions and their results, conditions, events, the time of the last pass.
extension GatewayDatabase {
    /// How many events are kept; older ones are dropped.
    public static let keptEvents = 10_000
    /// How many revisions are kept; older ones are dropped.
    public static let keptRevisions = 1_000

    /// Records the result of a revision; the newest row per id wins. The same status and message again keeps the time at
    /// which it was reached.
    public func recordRevision(_ record: RevisionRecord) async throws {
        let known = try await access { db in
            try Row.fetchOne(db, sql: "SELECT status, message FROM revision WHERE id = ?", arguments: [record.id])
                .map { [$0[0], $0[1]] as [String] }
        }
        try await self.record { inventory in
            let isKnown = known == [record.status.rawValue, record.message]
            // An older revision that is applied again (a revert by hand) is the last applied one again.
            let isLast = record.status != .applied || inventory.lastApplied?.id == record.id
            return isKnown && isLast ? nil : record
        } store: { db, record in
            let (message, at) = (record.message, record.at.seconds)
            try db.execute(sql: "DELETE FROM revision WHERE id = ?", arguments: [record.id])
            try db.execute(
                sql: """
                    INSERT INTO revision (sequence, id, status, message, at)
                    VALUES ((SELECT coalesce(max(sequence), 0) + 1 FROM revision), ?, ?, ?, ?)
                    """,
                arguments: [record.id, record.status.rawValue, message, at])
            try db.execute(
                sql: "DELETE FROM revision WHERE sequence <= (SELECT max(sequence) FROM revision) - ?",
                arguments: [Self.keptRevisions])
            guard record.status == .applied else { return }
            try db.execute(
                sql: "INSERT OR REPLACE INTO last_applied VALUES (1, ?, ?, ?)", arguments: [record.id, message, at])
        } apply: { inventory, record in
            if record.status == .applied { inventory.lastApplied = record }
        }
    }

    /// Replaces the conditions of the gateway and its objects.
    public func recordConditions(_ conditions: [Condition]) async throws {
        try await record { inventory in
            inventory.conditions == conditions ? nil : conditions
        } store: { db, conditions in
            try db.execute(sql: "DELETE FROM condition")
            let insert = try db.cachedStatement(sql: "INSERT INTO condition VALUES (?, ?, ?, ?, ?, ?, ?)")
            for (position, condition) in conditions.enumerated() {
                try insert.execute(arguments: [
                    position, condition.object?.kind.rawValue, condition.object?.name, condition.kind.rawValue,
                    condition.holds, condition.message, condition.since.seconds,
                ])
            }
        } apply: { inventory, conditions in
            inventory.conditions = conditions
        }
    }

    /// Appends events and drops the oldest beyond ``keptEvents``.
    public func appendEvents(_ events: [Event]) async throws {
        guard !events.isEmpty else { return }
        try await write { db in
            let insert = try db.cachedStatement(
                sql: """
                    INSERT INTO event (at, pass, kind, object_kind, object_name, peer, message)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """)
            for event in events.suffix(Self.keptEvents) {
                try insert.execute(arguments: [
                    event.at.seconds, event.pass, event.kind.rawValue, event.object?.kind.rawValue, event.object?.name,
                    event.peer, event.message,
                ])
            }
            try db.execute(
                sql: "DELETE FROM event WHERE sequence <= (SELECT max(sequence) FROM event) - ?",
                arguments: [Self.keptEvents])
        }
    }

    /// The newest events, newest first.
    public func events(limit: Int) async throws -> [Event] { try await events("", [max(0, limit)]) }

    /// The newest events of the peer with this stable identifier, newest first, whatever it was called by then.
    public func events(peer id: String, limit: Int) async throws -> [Event] {
        try await events("WHERE peer = ?", [id, max(0, limit)])
    }

    private func events(_ condition: String, _ arguments: StatementArguments) async throws -> [Event] {
        try await access { db in
            var events: [Event] = []
            try InventoryReader.each(
                db,
                """
                SELECT at, pass, kind, object_kind, object_name, peer, message FROM event \(condition)
                ORDER BY sequence DESC LIMIT ?
                """, arguments
            ) { row in
                events.append(
                    Event(
                        at: try row.time(0), pass: try row[1],
                        kind: try InventoryReader.value(row[2], "event.kind"),
                        object: try InventoryReader.object(row[3], row[4]), peer: try row[5],
                        message: try row[6]))
            }
            return events
        }
    }

    /// The newest revisions, newest first.
    public func revisions(limit: Int) async throws -> [RevisionRecord] {
        try await access { db in
            var revisions: [RevisionRecord] = []
            try InventoryReader.each(
                db, "SELECT id, status, message, at FROM revision ORDER BY sequence DESC LIMIT ?", [max(0, limit)]
            ) { row in
                revisions.append(
                    RevisionRecord(
                        id: try row[0], status: try InventoryReader.value(row[1], "revision.status"),
                        message: try row[2],
                        at: try row.time(3)))
            }
            return revisions
        }
    }

    /// Writes the time of the last pass.
    public func recordLastPass(_ at: Timestamp) async throws {
        try await record { inventory in
            inventory.lastPass == at ? nil : at
        } store: { db, at in
            try db.execute(
                sql: "INSERT OR REPLACE INTO meta VALUES ('last_pass', ?)", arguments: [String(at.seconds)])
        } apply: { inventory, at in
            inventory.lastPass = at
        }
    }
}
