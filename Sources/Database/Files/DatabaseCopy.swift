import GRDB

/// A database file as a whole, for backups: read while other processes write, and not changed by that.
public struct DatabaseCopy: Sendable {
    /// The file.
    public let path: String

    /// A file, which is not looked at yet.
    public init(path: String) {
        self.path = path
    }

    /// Writes what is committed now into another file (`VACUUM INTO`), which must not exist.
    ///
    /// - Throws: ``DatabaseFailure``.
    public func write(to copy: String) throws(DatabaseFailure) {
        try using(isReadOnly: true) { queue in
            try queue.inDatabase { db in try db.execute(sql: "VACUUM INTO ?", arguments: [copy]) }
        }
    }

    /// The schema of a state database: the name of the last migration that was made.
    ///
    /// - Throws: ``DatabaseFailure`` when a newer version of this program wrote it, or it is damaged.
    public func schema() throws(DatabaseFailure) -> String {
        try using(isReadOnly: true) { queue in
            try queue.read { db in
                try NewerDatabase.refuse(db, path: path)
                let check = try String.fetchOne(db, sql: "PRAGMA quick_check(1)")
                guard check == "ok" else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
                return try Schema.migrator.appliedMigrations(db).last ?? "empty"
            }
        }
    }

    func using<Value>(
        isReadOnly: Bool, _ body: (DatabaseQueue) throws -> Value
    ) throws(DatabaseFailure) -> Value {
        do {
            var configuration = Configuration()
            configuration.readonly = isReadOnly
            configuration.busyMode = .timeout(5)
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            let value = try body(queue)
            try queue.close()
            return value
        } catch {
            throw DatabaseFailure(error, path: path)
        }
    }
}
