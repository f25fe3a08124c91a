import GRDB
import Glibc
public import Reconciler
import Synchronization

/// The gateway's database, `<state>/wirebuddy.db`: SQLite in WAL mode, shared by the daemon and CLI processes.
///
/// Every write is on disk when the call returns, is one transaction, and doesn't touch the disk when it changes nothing.
/// The inventory is kept in memory and read again only when another process wrote (`PRAGMA data_version`). Errors are
/// ``DatabaseFailure``. Calls run to their end even if the calling task is cancelled, so that a stop can still flush.
public final class GatewayDatabase: Sendable {
    /// The file.
    public let path: String
    private let queue: DatabaseQueue
    private let cache = Mutex<CachedInventory?>(nil)
    /// Tells that tokens or sessions were changed, by whichever process.
    let accountMark: ChangeMark

    let projections = Mutex<CachedProjections?>(nil)

    private struct CachedInventory {
        /// The value of `PRAGMA data_version` at which the snapshot was right.
        var version: Int
        var snapshot: InventorySnapshot
    }

    private init(path: String, queue: DatabaseQueue) {
        self.path = path
        self.queue = queue
        accountMark = ChangeMark(path: "\(path).accounts")
    }

    /// Opens the database below a state directory. The directory (0700) and the file (0600) are created if they are
    /// missing, and the schema is brought up to date.
    ///
    /// - Parameter program: the version of this program, which is written into the file for one that is older.
    /// - Throws: ``DatabaseFailure``; also when the file was written by a newer version of this program. Nothing of it is
    ///   changed then.
    public static func open(state: String, program: String? = nil) throws(DatabaseFailure) -> GatewayDatabase {
        let path = "\(state)/wirebuddy.db"
        do {
            try OpenFile.makeDirectory(state)
            let directory = try OpenFile(state, O_RDONLY | O_DIRECTORY)
            // The change to WAL and the migrations are not made for two processes at once.
            try directory.lock()
            // SQLite would create it with the umask's mode; its -wal and -shm get the mode of this file.
            let isEmpty = try OpenFile(path, O_RDWR | O_CREAT, mode: 0o600).contents(limit: 1).isEmpty
            // A connection that may write would change it by its mere opening and closing.
            if !isEmpty { try NewerDatabase.refuse(path: path) }
            return try GatewayDatabase(path: path, queue: openQueue(path, program))
        } catch let failure as FileFailure {
            let advice = failure.advice(for: "state directory", option: "--state")
            throw DatabaseFailure("database \(path) can't be opened: \(failure.reason)\(advice)")
        } catch {
            throw DatabaseFailure(error, path: path)
        }
    }

    private static func openQueue(_ path: String, _ program: String?) throws -> DatabaseQueue {
        var configuration = Configuration()
        configuration.label = "wirebuddy.database"
        configuration.busyMode = .timeout(5)
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { db in
            let mode = try String.fetchOne(db, sql: "PRAGMA journal_mode = WAL")
            guard mode == "wal" else {
                throw DatabaseFailure(
                    "database \(path) can't use a write-ahead log: its file system lacks shared memory,"
                        + " choose a local one with --state")
            }
            // NORMAL would lose the last commits on a power failure: an intent must outlive it.
            try db.execute(sql: "PRAGMA synchronous = FULL")
        }
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try queue.writeWithoutTransaction { db in
            try NewerDatabase.refuse(db, path: path)
        }
        // Looked at first: the migrator would write a little even when there is nothing to do.
        if try !queue.writeWithoutTransaction(Schema.migrator.hasCompletedMigrations) {
            try Schema.migrator.migrate(queue)
        }
        if let program {
            try queue.writeWithoutTransaction { db in
                let key = NewerDatabase.programKey
                let known = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = ?", arguments: [key])
                guard known != program else { return }
                try db.execute(sql: "INSERT OR REPLACE INTO meta VALUES (?, ?)", arguments: [key, program])
            }
        }
        return queue
    }

    /// The inventory as it is now, from memory unless another process wrote.
    public func snapshot() async throws -> InventorySnapshot {
        try await access { db in try self.current(db) }
    }

    /// Runs `body` with the connection, off the cooperative pool and without regard to cancellation.
    func access<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        let path = path
        return try await withCheckedThrowingContinuation { continuation in
            queue.asyncWriteWithoutTransaction { db in
                continuation.resume(
                    with: Result { try body(db) }.mapError { DatabaseFailure($0, path: path) as any Error })
            }
        }
    }

    /// Runs `body` in one write transaction.
    func write(_ body: @escaping @Sendable (Database) throws -> Void) async throws {
        try await access { db in
            try db.inTransaction(.immediate) {
                try body(db)
                return .commit
            }
        }
    }

    /// Records a change of the inventory, if there is any.
    ///
    /// - Parameters:
    ///   - difference: What is to be written, given the present inventory; nil when nothing is.
    ///   - store: Writes the difference.
    ///   - apply: Does the same to the inventory in memory, after the commit.
    func record<Difference>(
        _ difference: @escaping @Sendable (InventorySnapshot) -> Difference?,
        store: @escaping @Sendable (Database, Difference) throws -> Void,
        apply: @escaping @Sendable (inout InventorySnapshot, Difference) -> Void
    ) async throws {
        try await access { db in
            guard difference(try self.current(db)) != nil else { return }
            var written: Difference?
            try db.inTransaction(.immediate) {
                // Nobody else writes from here on, but somebody may have just before: look again.
                written = difference(try self.current(db))
                if let written { try store(db, written) }
                return .commit
            }
            guard let written else { return }
            self.cache.withLock { cached in
                guard var inventory = cached.take() else { return }
                apply(&inventory.snapshot, written)
                cached = inventory
            }
        }
    }

    /// Runs `body` in one write transaction after which the inventory is read again: for changes that are rare.
    func rewrite<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await access { db in
            defer { self.cache.withLock { $0 = nil } }
            var value: Value?
            try db.inTransaction(.immediate) {
                value = try body(db)
                return .commit
            }
            guard let value else { throw DatabaseError(message: "a transaction ended without a value") }
            return value
        }
    }

    private func current(_ db: Database) throws -> InventorySnapshot {
        let version = { try Int.fetchOne(db, sql: "PRAGMA data_version") ?? 0 }
        let now = try version()
        if let cached = cache.withLock({ $0 }), cached.version == now { return cached.snapshot }
        // One read transaction, so that all tables are of one moment; inside a write transaction they are anyway.
        let inventory =
            if db.isInsideTransaction {
                CachedInventory(version: now, snapshot: try InventoryReader.read(db))
            } else {
                try db.inSavepoint { CachedInventory(version: try version(), snapshot: try InventoryReader.read(db)) }
            }
        cache.withLock { $0 = inventory }
        return inventory.snapshot
    }
}

extension Database {
    /// Runs `body` in a deferred transaction and returns its value.
    fileprivate func inSavepoint<Value>(_ body: () throws -> Value) throws -> Value {
        var value: Value?
        try inTransaction(.deferred) {
            value = try body()
            return .commit
        }
        guard let value else { throw DatabaseError(message: "a transaction ended without a value") }
        return value
    }
}
