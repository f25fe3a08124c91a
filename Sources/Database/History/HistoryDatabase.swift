import GRDB
public import Logging

/// What the forwarder answered, `<state>/history.db`. Losing it loses no state: a file that is damaged, or that a newer
/// version of this program wrote, is moved aside (`history.db.damaged`, `history.db.newer`) and begun anew.
///
/// One connection writes, others read, so that a long read never stops the writer.
public final class HistoryDatabase: Sendable {
    private static let kind = HistoryKind(
        name: "history.db", label: "wirebuddy.history", migrator: HistorySchema.migrator,
        probe: "SELECT max(first) FROM query_segment")

    private let store: HistoryFile

    private init(_ store: HistoryFile) {
        self.store = store
    }

    /// Opens the database below a state directory. The directory (0700) and the file (0600) are created if they are
    /// missing.
    ///
    /// - Throws: ``DatabaseFailure`` when the file can't be opened or made: a damaged one is no reason.
    public static func open(state: String, logger: Logger) throws(DatabaseFailure) -> HistoryDatabase {
        HistoryDatabase(try HistoryFile.open(kind, state: state, logger: logger))
    }

    /// The file.
    public var path: String { store.path }

    /// What it takes on the disk, the write-ahead log included.
    public var bytesOnDisk: Int64 { store.bytesOnDisk }

    /// What the write-ahead log takes.
    var walBytes: Int64 { store.walBytes }

    /// A number that grows when the file is begun anew.
    var file: Int { store.file }

    /// Runs `body` with the connection that writes; the rules of ``HistoryFile/access(_:)``.
    func access<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await store.access(body)
    }

    /// Runs `body` in one write transaction.
    func write<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await store.write(body)
    }

    /// Runs `body` in a read transaction of another connection; ends early when the task is cancelled.
    func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await store.read(body)
    }

    /// What people are told about an error of ``access(_:)`` or ``read(_:)``.
    func failure(_ error: any Error) -> DatabaseFailure { store.failure(error) }
}
