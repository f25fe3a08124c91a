import GRDB
import Model

/// Deletes what is too old or too much, in steps of a few milliseconds, so that neither the writer nor readers wait.
struct QueryLogRetention: Sendable {
    /// Segments that one step deletes.
    private static let segments = 16
    /// What a transaction writes at most, about.
    private static let transactionBytes: Int64 = 1 << 20
    /// Pages that stay for the next rows instead of being given back: moving others costs writes.
    private static let sparePages: Int64 = 256

    var settings: DNSSettings.QueryLog
    /// The hour whose old sums were last looked for.
    private var cleanedHour: Int64?

    init(settings: DNSSettings.QueryLog) {
        self.settings = settings
    }

    /// Whether an hour is too old since the last step.
    func isDue(now: Timestamp) -> Bool { cleanedHour != oldestHour(now: now) }

    private func oldestHour(now: Timestamp) -> Int64 {
        QuerySegment.hour(of: now.advanced(bySeconds: -settings.retention.components.seconds))
    }

    /// Does one step. Called in a transaction.
    ///
    /// - Returns: Whether there is more to do at once.
    mutating func step(_ writer: inout QueryLogWriter, now: Timestamp, _ db: Database) throws -> Bool {
        let oldest = oldestHour(now: now)
        if isDue(now: now) {
            if try deleteExpired(&writer, before: oldest, db) { return true }
            try clean(before: oldest, db)
            cleanedHour = oldest
        }
        return try makeRoom(&writer, db)
    }

    /// Does a step towards the size. Called in a transaction.
    ///
    /// - Returns: Whether there is more to do at once.
    func makeRoom(_ writer: inout QueryLogWriter, _ db: Database) throws -> Bool {
        let size = try HistorySize(db)
        let log = HistorySize.walBytes(maxSize: settings.maxSize) + Self.transactionBytes
        let limit = max(settings.maxSize - log, settings.maxSize / 2)
        // Room for the next rows, so that the file needs not grow for them and be cut again.
        let excess = size.used - (limit - settings.maxSize / 64)
        if excess > 0 {
            if try deleteOldest(excess, before: writer.firstInUse, db) { return true }
            if writer.hasUnsummedRows {
                try writer.storeSums(db)
                return true
            }
        }
        guard size.free > 0, size.total > limit || size.free > Self.sparePages + size.pages / 4 else { return false }
        try HistorySize.shrink(db)
        return size.free > HistorySize.step
    }

    /// Deletes some of the rows before `end` and gives their pages back.
    ///
    /// - Returns: Whether there is more to do.
    static func deleteAll(before end: Int64, _ db: Database) throws -> Bool {
        try db.execute(
            sql: """
                DELETE FROM query_segment WHERE first IN
                (SELECT first FROM query_segment WHERE first < ? ORDER BY first LIMIT ?)
                """,
            arguments: [end, segments])
        if db.changesCount > 0 { return true }
        try HistorySize.shrink(db)
        return try HistorySize(db).free > 0
    }

    /// Deletes rows of hours before `hour`.
    private func deleteExpired(_ writer: inout QueryLogWriter, before hour: Int64, _ db: Database) throws -> Bool {
        writer.forgetTail(before: hour)
        // Not only the first ones: while the clock was wrong, others may have been written before them.
        let expired = try Int64.fetchAll(
            db, sql: "SELECT first FROM query_segment WHERE hour < ? ORDER BY first LIMIT ?",
            arguments: [hour, Self.segments])
        let delete = try db.cachedStatement(sql: "DELETE FROM query_segment WHERE first = ?")
        for first in expired { try delete.execute(arguments: [first]) }
        return !expired.isEmpty
    }

    /// Deletes about so many bytes of the oldest rows.
    private func deleteOldest(_ excess: Int64, before end: Int64, _ db: Database) throws -> Bool {
        let oldest = try Row.fetchAll(
            db.cachedStatement(
                sql: """
                    SELECT first, length(askers) + length(names) + length(details) + length(columns)
                    FROM query_segment WHERE first < ? ORDER BY first LIMIT ?
                    """),
            arguments: [end, Self.segments])
        var (excess, last) = (excess, nil as Int64?)
        for row in oldest where excess > 0 {
            last = try row.value(0, in: 1...1 << 60)
            excess -= Int64(try row.count(1))
        }
        guard let last else { return false }
        try db.cachedStatement(sql: "DELETE FROM query_segment WHERE first <= ?").execute(arguments: [last])
        return true
    }

    /// Deletes old sums, those that take more than a quarter of the size, and texts that no sums speak of any more.
    private func clean(before oldest: Int64, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM query_hour WHERE hour < ?", arguments: [oldest])
        var bytes = try Int64.fetchOne(db, sql: "SELECT sum(length(names) + length(clients)) FROM query_hour") ?? 0
        while bytes > settings.maxSize / 4 {
            guard
                let row = try Row.fetchOne(
                    db, sql: "SELECT hour, length(names) + length(clients) FROM query_hour ORDER BY hour LIMIT 1")
            else { break }
            let hour = try row.value(0, in: -(1 << 48)...1 << 48)
            try db.execute(sql: "DELETE FROM query_hour WHERE hour = ?", arguments: [hour])
            bytes -= Int64(try row.count(1))
        }
        try HourTable.deleteUnusedTexts(db)
    }
}
