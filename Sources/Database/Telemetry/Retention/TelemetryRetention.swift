import GRDB
import Model

/// Deletes what is too old or too much, in steps of a few milliseconds, so that neither the writer nor readers wait.
struct TelemetryRetention: Sendable {
    /// Samples that one step deletes.
    private static let samples = 128
    /// What a transaction writes at most, about.
    private static let transactionBytes: Int64 = 1 << 20
    /// Pages that stay for the next rows instead of being given back: moving others costs writes.
    private static let sparePages: Int64 = 256

    let settings: Settings.Retention
    /// The hour of the last look for what is too old.
    private var cleanedHour: Int64?
    private var sweeps: [TrafficSweep] = []

    init(settings: Settings.Retention = Settings.Retention()) {
        self.settings = settings
    }

    /// Does one step. Called in a transaction.
    ///
    /// - Returns: Whether there is more to do at once.
    mutating func step(
        _ traffic: inout TrafficWriter, _ flows: inout FlowWriter, now: Timestamp, _ db: Database
    ) throws -> Bool {
        if var sweep = sweeps.last {
            sweeps.removeLast()
            if try sweep.step(db) { sweeps.append(sweep) }
            return true
        }
        let hour = Bucket.hour(of: now)
        if cleanedHour != hour {
            if try deleteExpired(traffic, &flows, now, db) { return true }
            let (hours, days) = (oldest(settings.hourly, now), oldest(settings.daily, now))
            try begin(.hour, before: Bucket.hour(of: hours), &traffic, db)
            try begin(.day, before: Bucket.day(of: days), &traffic, db)
            cleanedHour = hour
            return true
        }
        return try makeRoom(&traffic, &flows, now, db)
    }

    private func oldest(_ retention: Duration, _ now: Timestamp) -> Timestamp {
        now.advanced(bySeconds: -retention.components.seconds)
    }

    private mutating func begin(
        _ table: TrafficTable, before bucket: Int64, _ traffic: inout TrafficWriter, _ db: Database
    ) throws {
        try traffic.forget(table, before: bucket, db)
        sweeps.append(TrafficSweep(table, before: bucket, of: traffic.subjects.subjects.keys))
    }

    /// Deletes some samples and sums of flows that are too old.
    private func deleteExpired(
        _ traffic: TrafficWriter, _ flows: inout FlowWriter, _ now: Timestamp, _ db: Database
    ) throws -> Bool {
        let raw = oldest(settings.raw, now)
        // One that a wrong clock dated ahead must not keep those behind it.
        let ahead = now.advanced(bySeconds: 86_400)
        let samples = try traffic.oldestSamples(Self.samples, db).prefix { $0.time < raw || $0.time > ahead }
        if let last = samples.last {
            try traffic.deleteSamples(through: last.id, db)
            return true
        }
        // A day that is kept no more has no hours either.
        let hours = oldest(min(settings.raw, settings.daily), now)
        if try flows.deleteHours(before: Bucket.hour(of: hours), db) { return true }
        return try Self.deleteDays(before: Bucket.day(of: oldest(settings.daily, now)), db)
    }

    private static func deleteDays(before day: Int64, _ db: Database) throws -> Bool {
        guard let last = try FlowTable.day.first(8, before: day, db).last else { return false }
        try FlowTable.day.delete(through: last, db)
        return true
    }

    /// Does a step towards the size.
    private mutating func makeRoom(
        _ traffic: inout TrafficWriter, _ flows: inout FlowWriter, _ now: Timestamp, _ db: Database
    ) throws -> Bool {
        let size = try HistorySize(db)
        let log = HistorySize.walBytes(maxSize: settings.maxSize) + Self.transactionBytes
        let limit = max(settings.maxSize - log, settings.maxSize / 2)
        // Room for the next rows, so that the file needs not grow for them and be cut again.
        if size.used > limit - settings.maxSize / 64, try deleteOldest(&traffic, &flows, now, db) { return true }
        guard size.free > 0, size.total > limit || size.free > Self.sparePages + size.pages / 4 else { return false }
        try HistorySize.shrink(db)
        return size.free > HistorySize.step
    }

    /// Deletes some of the oldest: samples first, which answers don't need, then hours, then days.
    private mutating func deleteOldest(
        _ traffic: inout TrafficWriter, _ flows: inout FlowWriter, _ now: Timestamp, _ db: Database
    ) throws -> Bool {
        if let last = try traffic.oldestSamples(Self.samples, db).last {
            try traffic.deleteSamples(through: last.id, db)
            return true
        }
        if traffic.hasUnsummed {
            try traffic.storeSums(db)
            return true
        }
        let (hour, day) = (Bucket.hour(of: now), Bucket.day(of: now))
        if try flows.deleteHours(before: hour - 1, db) { return true }
        if let first = traffic.first(.hour), first < hour - Bucket.hoursOfDay {
            // By the day; by more where there are years of them.
            let step = max(Bucket.hoursOfDay, (hour - first) / 64)
            try begin(.hour, before: min(first + step, hour - Bucket.hoursOfDay), &traffic, db)
            return true
        }
        let first = [traffic.first(.day), try FlowTable.day.first(db)].compactMap(\.self).min()
        guard let first, first < day - 1 else { return false }
        let end = min(first + max(7, (day - first) / 64), day - 1)
        while try Self.deleteDays(before: end, db) {}
        try begin(.day, before: end, &traffic, db)
        return true
    }
}
