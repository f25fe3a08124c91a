import GRDB
import Model
import Reconciler

/// Reads what checkpoints mean for a pass.
enum CheckpointReader {
    static func read(_ db: Database, into inventory: inout InventorySnapshot) throws {
        inventory.confirmed = try String.fetchOne(db, sql: "SELECT revision FROM confirmed")
        inventory.checkpoint = try checkpoint(db, "ORDER BY sequence DESC LIMIT 1", [])
        guard inventory.checkpoint != nil else { return }
        let pins = """
            SELECT digest, kind, name, record, fields, checkpoint FROM checkpoint_pin
            WHERE checkpoint IN (SELECT id FROM checkpoint WHERE state IN ('rolling-back', 'rolled-back', 'failed'))
            ORDER BY checkpoint, digest
            """
        try InventoryReader.each(db, pins) { row in
            inventory.pins.append(
                Pin(
                    digest: try row[0],
                    object: ObjectID(try InventoryReader.value(row[1], "checkpoint_pin.kind"), try row[2]),
                    record: try row[3],
                    fields: Set((try row[4] as String).split(separator: "\n").map(String.init)), checkpoint: try row[5])
            )
        }
        let out = """
            SELECT interface, public_key FROM checkpoint_out
            WHERE checkpoint IN (SELECT id FROM checkpoint WHERE state <> 'confirmed')
            """
        try InventoryReader.each(db, out) { row in
            guard let key = PublicKey(try row[1] as String) else { throw InventoryReader.damaged("checkpoint_out") }
            inventory.keptOut.insert(PeerID(interface: try row[0], publicKey: key))
        }
    }

    /// The first checkpoint that a condition finds.
    static func checkpoint(_ db: Database, _ condition: String, _ arguments: StatementArguments) throws -> Checkpoint? {
        let sql = """
            SELECT id, tried, confirmed, begun_at, window_ms, boot_id, state, deadline, deadline_uptime_ms,
            applied_uptime_ms, message, may_lock_out FROM checkpoint
            """
        guard let found = try Row.fetchOne(db, sql: "\(sql) \(condition)", arguments: arguments) else { return nil }
        let row = CheckedRow(found)
        var checkpoint = Checkpoint(
            id: try row[0], tried: try row[1], confirmed: try row[2], begunAt: try row.time(3), window: try row[4],
            uptime: 0, bootID: try row[5])
        checkpoint.state = try InventoryReader.value(row[6], "checkpoint.state")
        checkpoint.deadline = try row.time(7)
        checkpoint.deadlineUptime = try row[8]
        checkpoint.appliedUptime = try row[9]
        checkpoint.message = try row[10]
        checkpoint.mayLockOut = try row[11]
        checkpoint.probes = try probes(db, of: checkpoint.id)
        return checkpoint
    }

    private static func probes(_ db: Database, of id: String) throws -> [CheckpointProbe] {
        let sql = """
            SELECT kind, target, timeout, state, message FROM checkpoint_probe WHERE checkpoint = ? ORDER BY position
            """
        return try Row.fetchAll(db, sql: sql, arguments: [id]).map { found in
            let row = CheckedRow(found)
            let kind: Settings.Probe.Kind = try InventoryReader.value(row[0], "checkpoint_probe.kind")
            return CheckpointProbe(
                Settings.Probe(kind, try row[1], timeout: .seconds(try row[2] as Int64)),
                try InventoryReader.value(row[3], "checkpoint_probe.state"), message: try row[4])
        }
    }
}
