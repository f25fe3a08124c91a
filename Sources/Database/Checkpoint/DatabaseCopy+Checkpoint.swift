import GRDB
public import Reconciler

/// A window that was open when the database was copied. Nobody watches over it where the copy is put in force.
extension DatabaseCopy {
    /// Ends the window: what was pinned is refused, and the next pass restores what was confirmed. Only for a copy that
    /// nobody else uses.
    ///
    /// - Returns: the checkpoint; nil when no window was open.
    /// - Throws: ``DatabaseFailure``.
    public func endWindow() throws(DatabaseFailure) -> Checkpoint? {
        try using(isReadOnly: false) { queue in
            try queue.write { db in
                guard try db.tableExists("checkpoint"),
                    let checkpoint = try CheckpointReader.checkpoint(db, "ORDER BY sequence DESC LIMIT 1", []),
                    try GatewayDatabase.beginRollback(checkpoint.id, db)
                else { return nil }
                return checkpoint
            }
        }
    }
}
