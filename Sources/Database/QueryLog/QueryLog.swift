import GRDB
public import Logging
public import Model
import Synchronization

/// What the forwarder answered, row by row, and its sums by the hour.
///
/// Rows are recorded into a queue and written by ``run()`` in batches, each second or when there are thousands. The
/// hourly sums are made of the same batches, so statistics never read rows. What is older than the settings say, or
/// takes more room, is deleted in small steps between the batches.
public final class QueryLog: Sendable {
    /// How long a row is queued at most while the writer keeps up.
    private static let interval: Duration = .seconds(1)

    private let history: HistoryDatabase
    private let queue: QueryLogQueue
    private let settings: Mutex<DNSSettings.QueryLog>
    private let work = Mutex(QueryLogWork())
    private let hasFailed = Mutex(false)
    private let clock: any WallClock
    private let logger: Logger
    private let calls: AsyncStream<Void>
    private let call: AsyncStream<Void>.Continuation

    /// A query log in a database. Nothing is written before ``run()``, ``flush()`` or a reader.
    public init(
        _ history: HistoryDatabase, settings: DNSSettings.QueryLog = DNSSettings.QueryLog(), clock: any WallClock,
        logger: Logger
    ) {
        self.history = history
        self.settings = Mutex(settings)
        self.clock = clock
        self.logger = logger
        queue = QueryLogQueue(level: settings.level)
        (calls, call) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Applies other settings, from the next row and the next deletion on.
    public func configure(_ settings: DNSSettings.QueryLog) {
        self.settings.withLock { $0 = settings }
        queue.setLevel(settings.level)
    }

    /// Takes a query; at the level `anonymous` without client and address, at `off` not at all. Never waits: a row that
    /// finds the queue full is dropped and counted.
    public func record(_ query: LoggedQuery) {
        if queue.append(query) { call.yield() }
    }

    /// Takes a row; the rules of ``record(_:)-(LoggedQuery)``.
    public func record(_ row: QueryLogRow) { record(LoggedQuery(row)) }

    /// Writes what is recorded until the task is cancelled, then the rest. Called once; who records ends before it.
    public func run() async {
        await withTaskGroup { group in
            group.addTask { [call] in
                while !Task.isCancelled {
                    call.yield()
                    do { try await Task.sleep(for: Self.interval) } catch { return }
                }
            }
            for await _ in calls {
                await flush()
                await maintain()
            }
            group.cancelAll()
        }
        await flush()
        await attempt("store the sums of") { work, db in try work.storeSums(db) }
        let lost = work.withLock { $0.takeUnwritten() } + queue.clear()
        queue.addDropped(lost)
    }

    /// Writes what was recorded before. What can't be written is kept, as far as the queue goes, and tried again.
    public func flush() async {
        let queue = queue
        await attempt("write") { work, db in try work.write(from: queue, db) }
    }

    /// Rows, newest first, those recorded before included.
    ///
    /// - Parameters:
    ///   - filter: Which ones.
    ///   - limit: How many at most.
    ///   - offset: How many of the newest are left out.
    /// - Throws: ``DatabaseFailure``, or `CancellationError`.
    public func page(_ filter: QueryLogFilter, limit: Int, offset: Int) async throws -> QueryLogPage {
        await flush()
        return try await read { db in
            try QueryLogSearch.page(filter, limit: max(0, limit), offset: max(0, offset), db)
        }
    }

    /// The sums of the hours from the one that `from` is in, before `to`; what was recorded before is included. A span
    /// of more than 400 days is cut at its beginning.
    ///
    /// An hour keeps its 512 most frequent names, the 128 of the others most often blocked, and its 1,024 busiest
    /// clients; lists of the greatest are made of these. The numbers of different names and clients are exact while no
    /// hour had more than that; else they are estimates (with a standard error of 1.6 %).
    ///
    /// - Parameters:
    ///   - from: The beginning.
    ///   - to: The end; its hour counts if it has begun.
    ///   - top: How long the lists of the greatest are at most.
    /// - Throws: ``DatabaseFailure``, or `CancellationError`.
    public func statistics(from: Timestamp, to: Timestamp, top: Int = 10) async throws -> QueryStatistics {
        await flush()
        await attempt("store the sums of") { work, db in try work.storeSums(db) }
        return try await read { db in try StatisticsReader.read(from: from, to: to, top: top, db) }
    }

    /// Deletes all rows and sums recorded before, and gives their room back to the file system.
    ///
    /// - Returns: How many rows are gone.
    /// - Throws: ``DatabaseFailure``.
    @discardableResult
    public func deleteAll() async throws -> Int {
        do {
            let queued = queue.clear()
            let end = try await history.access { db in
                try self.work.withLock { work in try work.run(db, file: self.history.file) { try $0.clear($1) } }
            }
            let count = try await history.access { db in try SegmentTable.count(before: end, db) }
            while try await history.write({ db in try QueryLogRetention.deleteAll(before: end, db) }) {}
            try await history.access(HistoryFile.truncateLog)
            return count + queued
        } catch {
            throw history.failure(error)
        }
    }

    /// What became of the rows.
    public var counters: QueryLogCounters {
        var counters = queue.counters
        counters.bytes = history.bytesOnDisk
        return counters
    }

    /// Stores sums that are due, and deletes what is to go, in steps that let other accesses in between.
    private func maintain() async {
        let (settings, now) = (settings.withLock { $0 }, clock.now())
        while await attempt("delete old rows of", { work, db in try work.maintain(settings, now: now, db) }) == true {
            if queue.isFilling { await flush() }
        }
        // A long read has kept it from being begun again, or a burst has made it long.
        guard history.walBytes > 2 * HistorySize.walBytes(maxSize: settings.maxSize) else { return }
        await attempt("shorten the write-ahead log of") { _, db in try HistoryFile.truncateLog(db) }
    }

    private func read<Value: Sendable>(_ body: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await history.read(body)
        } catch let error as CancellationError {
            throw error
        } catch {
            throw history.failure(error)
        }
    }

    /// Does a part of the writer's work; nil if that failed, which is logged when it begins and when it ends.
    @discardableResult
    private func attempt<Value: Sendable>(
        _ what: String, isSecondTime: Bool = false,
        _ body: @escaping @Sendable (inout QueryLogWork, Database) throws -> Value
    ) async -> Value? {
        let file = history.file
        do {
            let value = try await history.access { db in
                try self.work.withLock { try $0.run(db, file: self.history.file, body) }
            }
            if hasFailed.withLock({ hasFailed in exchange(&hasFailed, false) }) {
                logger.notice("the query log is written again")
            }
            return value
        } catch  where history.file != file && !isSecondTime {
            // It was damaged, and what is not written yet goes into the new one.
            return await attempt(what, isSecondTime: true, body)
        } catch {
            if !hasFailed.withLock({ hasFailed in exchange(&hasFailed, true) }) {
                logger.error("can't \(what) the query log", metadata: ["error": "\(history.failure(error))"])
            }
            return nil
        }
    }
}

private func exchange(_ value: inout Bool, _ new: Bool) -> Bool {
    defer { value = new }
    return value
}
