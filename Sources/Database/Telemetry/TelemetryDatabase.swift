import GRDB
public import Logging
public import Model
import Synchronization

/// What the gateway observed of traffic, `<state>/telemetry.db`: SQLite in WAL mode, opened by the daemon alone. Losing it
/// loses no state: a file that is damaged, or that a newer version of this program wrote, is moved aside
/// (`telemetry.db.damaged`, `telemetry.db.newer`) and begun anew.
///
/// A sample costs one small row, however many peers there are. Its sums by the hour and day are kept in memory, and are in
/// the tables when the hour ends, at ``flush()``, or when the file is opened again after a crash. Answers have both.
public final class TelemetryDatabase: Sendable {
    private static let kind = HistoryKind(
        name: "telemetry.db", label: "wirebuddy.telemetry", migrator: TelemetrySchema.migrator,
        probe: "SELECT max(id) FROM traffic_sample")

    let store: HistoryFile
    let work = Mutex(TelemetryWork())
    private let settings = Mutex(Settings.Telemetry())
    private let newest = Mutex(RecentSums(sampledAt: nil))

    private init(_ store: HistoryFile) {
        self.store = store
    }

    /// Opens the database below a state directory. The directory (0700) and the file (0600) are created if they are
    /// missing.
    ///
    /// - Throws: ``DatabaseFailure`` when the file can't be opened or made: a damaged one is no reason.
    public static func open(state: String, logger: Logger) throws(DatabaseFailure) -> TelemetryDatabase {
        TelemetryDatabase(try HistoryFile.open(kind, state: state, logger: logger))
    }

    /// The file.
    public var path: String { store.path }

    /// What it takes on the disk, the write-ahead log included.
    public var bytesOnDisk: Int64 { store.bytesOnDisk }

    /// Applies other settings, from the next ``maintain(now:)`` on.
    public func configure(_ settings: Settings.Telemetry) { self.settings.withLock { $0 = settings } }

    /// What to count from: the baselines of the newest samples that were recorded, also after a crash.
    ///
    /// - Throws: ``DatabaseFailure``.
    public func baselines() async throws(DatabaseFailure) -> [TrafficSubject: CounterBaseline] {
        try await access { work, _ in
            let traffic = try work.loadedTraffic()
            var baselines: [TrafficSubject: CounterBaseline] = [:]
            for (number, baseline) in traffic.baselines {
                if let subject = traffic.subjects.subjects[number] { baselines[subject] = baseline }
            }
            return baselines
        }
    }

    /// Stores a sample. One whose time is before that of the last one is as good: only its own time says where it belongs.
    ///
    /// - Throws: ``DatabaseFailure``; then nothing of the sample is stored, and it can be recorded again.
    public func record(_ sample: TrafficSample) async throws(DatabaseFailure) {
        guard SampleBytes.times.contains(sample.time.seconds) else { throw Self.wrongClock(sample.time) }
        try await access { work, db in try work.record(sample, db) }
    }

    /// Stores what is in memory, so that nothing has to be added up when the file is opened again. Called at the end; also
    /// good at any other time.
    ///
    /// - Throws: ``DatabaseFailure``; what could not be stored is tried again.
    public func flush() async throws(DatabaseFailure) {
        try await access { work, db in try work.flush(db) }
    }

    /// Deletes what is older at `now` than the settings say, or takes more room: samples first, then sums by the hour, then
    /// by the day. It does so in small steps that let other accesses in between. Called every minute or so; when nothing is
    /// to go it costs next to nothing.
    ///
    /// - Throws: ``DatabaseFailure``.
    public func maintain(now: Timestamp) async throws(DatabaseFailure) {
        let settings = settings.withLock { $0.retention }
        while try await access({ work, db in try work.maintain(settings, now: now, db) }) {}
        // A long read has kept it from being begun again, the end of an hour has made it long, or what was given back is only
        // noted in it.
        let isLong = store.walBytes > 2 * HistorySize.walBytes(maxSize: settings.maxSize)
        guard isLong || bytesOnDisk > settings.maxSize else { return }
        try await access { _, db in try HistoryFile.truncateLog(db) }
    }

    /// What moved on the day (UTC) of `now`, and the rates of the newest sample. What was recorded before this program began
    /// is known after the first ``baselines()`` or ``record(_:)-(TrafficSample)``.
    public func recent(now: Timestamp) -> RecentTraffic { newest.withLock { $0 }.traffic(now: now) }

    static func wrongClock(_ time: Timestamp) -> DatabaseFailure {
        DatabaseFailure("what was seen at \(time.seconds) s since 1970 can't be kept: set the host's clock")
    }

    /// Runs `body` with the connection that writes. A file that turns out to be damaged is begun anew, and `body` is run
    /// once more.
    func access<Value: Sendable>(
        _ body: @escaping @Sendable (inout TelemetryWork, Database) throws -> Value
    ) async throws(DatabaseFailure) -> Value {
        let file = store.file
        do {
            return try await attempt(body)
        } catch {
            guard store.file != file else { throw store.failure(error) }
        }
        do {
            return try await attempt(body)
        } catch {
            throw store.failure(error)
        }
    }

    private func attempt<Value: Sendable>(
        _ body: @escaping @Sendable (inout TelemetryWork, Database) throws -> Value
    ) async throws -> Value {
        try await store.access { db in
            try self.work.withLock { work in
                let value = try work.run(db, file: self.store.file, body)
                if let recent = work.traffic?.recent { self.newest.withLock { $0 = recent } }
                return value
            }
        }
    }
}
