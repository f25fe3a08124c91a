import GRDB

/// A window that was open when the database was copied. Nobody watches over it where the copy is put in force.
extension DatabaseCopy {
    /// The revisions of a window that was ended.
    public struct EndedWindow: Sendable {
        /// The one on trial.
        public let tried: String
        /// The one that is restored.
        public let confirmed: String
    }

    /// Ends the window: what was pinned is refused, and the next pass restores what was confirmed. Only for a copy that
    /// nobody else uses. An older version may have made it: nothing is read but what every one has.
    ///
    /// - Returns: its revisions; nil when no window was open.
    /// - Throws: ``DatabaseFailure``.
    public func endWindow() throws(DatabaseFailure) -> EndedWindow? {
        try using(isReadOnly: false) { queue in
            try queue.write { db in
                let sql = "SELECT id, tried, confirmed FROM checkpoint ORDER BY sequence DESC LIMIT 1"
                guard try db.tableExists("checkpoint"), let found = try Row.fetchOne(db, sql: sql) else { return nil }
                let row = CheckedRow(found)
                guard try GatewayDatabase.beginRollback(try row[0], db) else { return nil }
                return EndedWindow(tried: try row[1], confirmed: try row[2])
            }
        }
    }
}
