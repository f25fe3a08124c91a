import GRDB
import Glibc
import Logging
import Synchronization

/// A file of what the gateway saw: SQLite in WAL mode, opened by the daemon alone. Losing it loses no state: so its last
/// seconds may be gone after a power failure, and a file that is damaged, or that a newer version of this program wrote,
/// is moved aside (`NAME.damaged`, `NAME.newer`) and begun anew.
///
/// One connection writes, others read, so that a long read never stops the writer.
final class HistoryFile: Sendable {
    /// The file.
    let path: String
    private let kind: HistoryKind
    private let pool: Mutex<DatabasePool>
    private let files = Mutex(0)
    private let logger: Logger

    private init(_ kind: HistoryKind, path: String, pool: DatabasePool, logger: Logger) {
        self.kind = kind
        self.path = path
        self.pool = Mutex(pool)
        self.logger = logger
    }

    /// Opens the file below a state directory. The directory (0700) and the file (0600) are created if they are
    /// missing.
    ///
    /// - Throws: ``DatabaseFailure`` when the file can't be opened or made: a damaged one is no reason.
    static func open(_ kind: HistoryKind, state: String, logger: Logger) throws(DatabaseFailure) -> HistoryFile {
        let path = "\(state)/\(kind.name)"
        do {
            try OpenFile.makeDirectory(state)
            let pool: DatabasePool
            do {
                pool = try openPool(kind, path)
            } catch let error where UnusableHistory(error) != nil {
                try moveAside(path, UnusableHistory(error) ?? .damaged, logger)
                pool = try openPool(kind, path)
            }
            return HistoryFile(kind, path: path, pool: pool, logger: logger)
        } catch let failure as FileFailure {
            let advice = failure.advice(for: "state directory", option: "--state")
            throw DatabaseFailure("database \(path) can't be opened: \(failure.reason)\(advice)")
        } catch {
            throw DatabaseFailure(error, path: path)
        }
    }

    /// What it takes on the disk, the write-ahead log included.
    var bytesOnDisk: Int64 { Self.size(path) + walBytes }

    /// What the write-ahead log takes.
    var walBytes: Int64 { Self.size("\(path)-wal") }

    /// A number that grows when the file is begun anew.
    var file: Int { files.withLock { $0 } }

    /// Copies the write-ahead log into the file and empties it, unless somebody reads from it.
    static func truncateLog(_ db: Database) throws {
        // The writer does not wait for readers.
        try db.execute(sql: "PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE); PRAGMA busy_timeout = 5000")
    }

    /// Runs `body` with the connection that writes, off the cooperative pool and without regard to cancellation.
    func access<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        let pool = pool.withLock { $0 }
        do {
            return try await withCheckedThrowingContinuation { continuation in
                pool.asyncWriteWithoutTransaction { db in continuation.resume(with: Result { try body(db) }) }
            }
        } catch {
            try beginAnew(insteadOf: pool, after: error)
            throw error
        }
    }

    /// Runs `body` in one write transaction.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await access { db in try db.inImmediateTransaction { try body(db) } }
    }

    /// Runs `body` in a read transaction of another connection; ends early when the task is cancelled.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        let pool = pool.withLock { $0 }
        do {
            return try await pool.read(body)
        } catch {
            try beginAnew(insteadOf: pool, after: error)
            throw error
        }
    }

    /// What people are told about an error of ``access(_:)`` or ``read(_:)``.
    func failure(_ error: any Error) -> DatabaseFailure {
        guard UnusableHistory(error) != nil else { return DatabaseFailure(error, path: path) }
        return DatabaseFailure("database \(path) was damaged and is begun anew: try again")
    }

    /// If `error` says that the file is damaged, moves it aside and begins a new one, once.
    private func beginAnew(insteadOf damaged: DatabasePool, after error: any Error) throws {
        guard case .damaged? = UnusableHistory(error) else { return }
        try pool.withLock { pool in
            guard pool === damaged else { return }
            // Closed first: SQLite removes a write-ahead log by its name, which will be that of the new file.
            try pool.close()
            try Self.moveAside(path, .damaged, logger)
            pool = try Self.openPool(kind, path)
            files.withLock { $0 += 1 }
        }
    }

    private static func size(_ path: String) -> Int64 {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? Int64(status.st_size) : 0
    }

    private static func moveAside(_ path: String, _ why: UnusableHistory, _ logger: Logger) throws {
        let aside = "\(path).\(why.rawValue)"
        for suffix in ["-wal", "-shm", ""] {
            // What an earlier one left must not be taken for a part of this one.
            if unsafe unlink(aside + suffix) != 0, errno != ENOENT { throw FileFailure.last }
            if unsafe rename(path + suffix, aside + suffix) != 0, errno != ENOENT { throw FileFailure.last }
        }
        logger.error(
            "the history could not be read and is begun anew",
            metadata: ["file": "\(path)", "reason": "\(why.reason)", "kept": "\(aside)"])
    }

    private static func openPool(_ kind: HistoryKind, _ path: String) throws -> DatabasePool {
        // SQLite would create it with the umask's mode; its -wal and -shm get the mode of this file.
        _ = try OpenFile(path, O_RDWR | O_CREAT, mode: 0o600)
        var configuration = Configuration()
        configuration.label = kind.label
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 2
        configuration.prepareDatabase { db in
            // KiB; each connection has its own, and what it does not hold is in the system's memory for files.
            try db.execute(sql: "PRAGMA cache_size = -512")
            guard !db.configuration.readonly else { return }
            // Takes effect only before the first table is made.
            try db.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL")
            // What is deleted is overwritten where that costs no further write.
            try db.execute(sql: "PRAGMA secure_delete = FAST")
        }
        // A pool sets journal_mode = WAL and synchronous = NORMAL.
        let pool = try DatabasePool(path: path, configuration: configuration)
        try pool.writeWithoutTransaction { db in
            guard try !kind.migrator.hasBeenSuperseded(db) else { throw UnusableHistory.newer }
            if try !kind.migrator.hasCompletedMigrations(db) { return }
            _ = try Int64.fetchOne(db, sql: kind.probe)
        }
        if try !pool.writeWithoutTransaction(kind.migrator.hasCompletedMigrations) {
            try kind.migrator.migrate(pool)
        }
        return pool
    }
}
