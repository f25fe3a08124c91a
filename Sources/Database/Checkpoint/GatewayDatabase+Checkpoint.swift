import GRDB
public import Model
public import Reconciler

/// Checkpoints: what is undone unless somebody confirms it.
extension GatewayDatabase: CheckpointStore {
    /// How many checkpoints are kept; older ones are dropped.
    public static let keptCheckpoints = 50

    /// Begins a checkpoint.
    public func begin(_ checkpoint: Checkpoint, pins: [Pin], out: Set<PeerID>, spent: Set<String>) async throws {
        try await rewrite { db in
            try db.execute(
                sql: """
                    INSERT INTO checkpoint (id, tried, confirmed, state, begun_at, window_ms, deadline,
                    deadline_uptime_ms, applied_uptime_ms, boot_id, message, may_lock_out)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    checkpoint.id, checkpoint.tried, checkpoint.confirmed, checkpoint.state.rawValue,
                    checkpoint.begunAt.seconds, checkpoint.window, checkpoint.deadline.seconds,
                    checkpoint.deadlineUptime, checkpoint.appliedUptime, checkpoint.bootID, checkpoint.message,
                    checkpoint.mayLockOut,
                ])
            try Self.insert(checkpoint.probes, of: checkpoint.id, db)
            try Self.insert(pins, out, of: checkpoint.id, db)
            for approval in spent {
                try db.execute(
                    sql: "INSERT OR IGNORE INTO checkpoint_spent VALUES (?, ?)", arguments: [checkpoint.id, approval])
            }
            // Those whose pins are in force stay, however old they are.
            try db.execute(
                sql: """
                    DELETE FROM checkpoint WHERE sequence <= (SELECT max(sequence) FROM checkpoint) - ?
                    AND id NOT IN (SELECT checkpoint FROM checkpoint_pin)
                    """, arguments: [Self.keptCheckpoints])
        }
    }

    /// Adds what later passes do in the window.
    public func extend(_ id: String, pins: [Pin], out: Set<PeerID>, mayLockOut: Bool) async throws {
        try await rewrite { db in
            try Self.insert(pins, out, of: id, db)
            guard mayLockOut else { return }
            try db.execute(sql: "UPDATE checkpoint SET may_lock_out = 1 WHERE id = ?", arguments: [id])
        }
    }

    private static func insert(_ probes: [CheckpointProbe], of id: String, _ db: Database) throws {
        for (position, probe) in probes.enumerated() {
            try db.execute(
                sql: "INSERT INTO checkpoint_probe VALUES (?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    id, position, probe.probe.kind.rawValue, probe.probe.target,
                    probe.probe.timeout.components.seconds, probe.state.rawValue, probe.message,
                ])
        }
    }

    /// Records what came of a probe that counts, while the checkpoint is in the state that it was run in.
    public func record(_ probe: CheckpointProbe, of id: String, in state: Checkpoint.State) async throws {
        try await rewrite { db in
            // One that succeeded in the window stays so, whoever runs it again.
            try db.execute(
                sql: """
                    UPDATE checkpoint_probe SET state = ?, message = ?
                    WHERE checkpoint = ? AND kind = ? AND target = ? AND state <> 'not-counted'
                    AND (state <> 'good' OR ? <> 'waiting')
                    AND EXISTS (SELECT 1 FROM checkpoint WHERE id = ? AND state = ?)
                    """,
                arguments: [
                    probe.state.rawValue, probe.message, id, probe.probe.kind.rawValue, probe.probe.target,
                    state.rawValue, id, state.rawValue,
                ])
        }
    }

    private static func insert(_ pins: [Pin], _ out: Set<PeerID>, of id: String, _ db: Database) throws {
        for pin in pins {
            try db.execute(
                sql: "INSERT OR IGNORE INTO checkpoint_pin VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [
                    id, pin.digest, pin.object.kind.rawValue, pin.object.name, pin.record,
                    pin.fields.sorted().joined(separator: "\n"),
                ])
        }
        for peer in out {
            try db.execute(
                sql: "INSERT OR IGNORE INTO checkpoint_out VALUES (?, ?, ?)",
                arguments: [id, peer.interface, peer.publicKey.description])
        }
    }

    /// Forgets a checkpoint with everything that belongs to it.
    public func abandon(_ id: String) async throws {
        try await rewrite { db in try db.execute(sql: "DELETE FROM checkpoint WHERE id = ?", arguments: [id]) }
    }

    /// The checkpoint as it is now; nil when it was forgotten.
    public func checkpoint(_ id: String) async throws -> Checkpoint? {
        try await access { db in try CheckpointReader.checkpoint(db, "WHERE id = ?", [id]) }
    }

    /// The newest checkpoint; nil when there was none.
    public func newestCheckpoint() async throws -> Checkpoint? {
        try await access { db in try CheckpointReader.checkpoint(db, "ORDER BY sequence DESC LIMIT 1", []) }
    }

    /// Records that the change was made. False when the window is over already.
    public func beginWindow(
        _ id: String, deadline: Timestamp, deadlineUptime: Int64, appliedUptime: Int64
    ) async throws -> Bool {
        try await rewrite { db in
            try db.execute(
                sql: """
                    UPDATE checkpoint SET state = 'waiting', deadline = ?, deadline_uptime_ms = ?, applied_uptime_ms = ?
                    WHERE id = ? AND state = 'armed'
                    """, arguments: [deadline.seconds, deadlineUptime, appliedUptime, id])
            return db.changesCount == 1
        }
    }

    /// Confirms what was tried. False when it is too late, the change is still being made, or a probe waits that is not
    /// overruled.
    public func confirm(_ id: String, by author: String, despiteProbes: Bool = false) async throws -> Bool {
        try await rewrite { db in
            try db.execute(
                sql: """
                    UPDATE checkpoint SET state = 'confirmed', message = ? WHERE id = ? AND state = 'waiting'
                    AND (? OR NOT EXISTS
                    (SELECT 1 FROM checkpoint_probe WHERE checkpoint = ? AND state = 'waiting'))
                    """,
                arguments: [author, id, despiteProbes, id])
            guard db.changesCount == 1 else { return false }
            try db.execute(
                sql: "INSERT OR REPLACE INTO confirmed SELECT 1, tried FROM checkpoint WHERE id = ?", arguments: [id])
            // What was pinned before is either not in it, or was approved.
            for table in ["checkpoint_pin", "checkpoint_out", "checkpoint_spent"] {
                try db.execute(sql: "DELETE FROM \(table)")
            }
            return true
        }
    }

    /// Puts the pins in force and takes the spent consents back. False when it was confirmed, or somebody was first.
    public func beginRollback(_ id: String) async throws -> Bool {
        try await rewrite { db in try Self.beginRollback(id, db) }
    }

    static func beginRollback(_ id: String, _ db: Database) throws -> Bool {
        try db.execute(
            sql: "UPDATE checkpoint SET state = 'rolling-back' WHERE id = ? AND state IN ('armed', 'waiting')",
            arguments: [id])
        guard db.changesCount == 1 else { return false }
        try db.execute(
            sql: "DELETE FROM approval WHERE digest IN (SELECT approval FROM checkpoint_spent WHERE checkpoint = ?)",
            arguments: [id])
        return true
    }

    /// Records how restoring ended.
    public func finish(_ id: String, _ state: Checkpoint.State, message: String) async throws {
        try await rewrite { db in
            try db.execute(
                sql: """
                    UPDATE checkpoint SET state = ?, message = ?
                    WHERE id = ? AND state IN ('rolling-back', 'failed')
                    """,
                arguments: [state.rawValue, message, id])
        }
    }

    /// Takes all pins that are in force back, and lets the head decide about revoked peers again.
    public func dropPins() async throws {
        try await rewrite { db in
            for table in ["checkpoint_pin", "checkpoint_out", "checkpoint_spent"] {
                try db.execute(
                    sql: """
                        DELETE FROM \(table) WHERE checkpoint IN
                        (SELECT id FROM checkpoint WHERE state IN ('rolling-back', 'rolled-back', 'failed'))
                        """)
            }
        }
    }

    /// Records which revision is in force without any window.
    public func recordConfirmed(_ revision: String) async throws {
        try await record { inventory in
            inventory.confirmed == revision ? nil : revision
        } store: { db, revision in
            try db.execute(sql: "INSERT OR REPLACE INTO confirmed VALUES (1, ?)", arguments: [revision])
        } apply: { inventory, revision in
            inventory.confirmed = revision
        }
    }
}
