import GRDB
import Model

/// What the one who writes has at hand. It is used only by the connection that writes.
struct QueryLogWork: Sendable {
    /// Rows of one transaction at most.
    private static let batch = 8192
    /// Sums are stored this often.
    private static let sumsInterval: Duration = .seconds(60)

    /// Rows that were taken from the queue, and how many of them are written.
    private var rows: [LoggedQuery] = []
    private var done = 0
    /// Nil before the first access, and after an error: what the database has is looked at again.
    private var writer: QueryLogWriter?
    private var file = 0
    private var retention = QueryLogRetention(settings: DNSSettings.QueryLog())
    private var lastSums = ContinuousClock.now

    /// Does something with a writer that is up to date.
    ///
    /// - Parameter file: A number that is another one for a new file.
    mutating func run<Value>(
        _ db: Database, file: Int, _ body: (inout QueryLogWork, Database) throws -> Value
    ) throws -> Value {
        do {
            if writer == nil || self.file != file {
                try limitLog(db)
                writer = try QueryLogWriter(db)
                self.file = file
            }
            return try body(&self, db)
        } catch {
            writer = nil
            throw error
        }
    }

    /// Writes what was taken before, and what is queued.
    mutating func write(from queue: QueryLogQueue, _ db: Database) throws {
        try writeTaken(queue, db)
        queue.take(&rows)
        done = 0
        try writeTaken(queue, db)
    }

    private mutating func writeTaken(_ queue: QueryLogQueue, _ db: Database) throws {
        while done < rows.count {
            let end = min(done + Self.batch, rows.count)
            try db.inImmediateTransaction { try writer?.write(rows[done..<end], db) }
            queue.addWritten(end - done)
            done = end
            // Here too, not only in between: a backlog would take more than the size leaves.
            while try makeRoom(db) {}
        }
    }

    private mutating func makeRoom(_ db: Database) throws -> Bool {
        guard var writer else { return false }
        let isMore = try db.inImmediateTransaction { try retention.makeRoom(&writer, db) }
        self.writer = writer
        return isMore
    }

    mutating func storeSums(_ db: Database) throws {
        guard writer?.hasUnsummedRows == true else { return }
        try db.inImmediateTransaction { try writer?.storeSums(db) }
        lastSums = .now
    }

    /// Stores sums that are due, and does a step of the retention.
    ///
    /// - Returns: Whether there is more to do at once.
    mutating func maintain(_ settings: DNSSettings.QueryLog, now: Timestamp, _ db: Database) throws -> Bool {
        if retention.settings != settings {
            retention = QueryLogRetention(settings: settings)
            try limitLog(db)
        }
        // Before sums are deleted, so that none of those come back.
        if retention.isDue(now: now) || ContinuousClock.now - lastSums >= Self.sumsInterval { try storeSums(db) }
        guard var writer else { return false }
        let isMore = try db.inImmediateTransaction { try retention.step(&writer, now: now, db) }
        self.writer = writer
        return isMore
    }

    /// Deletes all sums, and lets go of all rows.
    ///
    /// - Returns: The id that the next row gets: those before it are to be deleted.
    mutating func clear(_ db: Database) throws -> Int64 {
        rows = []
        done = 0
        return try db.inImmediateTransaction {
            try db.execute(sql: "DELETE FROM query_hour; DELETE FROM query_text")
            try writer?.clear(db)
            return writer?.next ?? 1
        }
    }

    /// How many rows were taken and not written; they are forgotten.
    mutating func takeUnwritten() -> Int {
        defer { (rows, done) = ([], 0) }
        return rows.count - done
    }

    /// Bounds the write-ahead log, which counts to the size.
    private func limitLog(_ db: Database) throws {
        try HistorySize.limitLog(maxSize: retention.settings.maxSize, db)
    }
}
