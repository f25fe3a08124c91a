import GRDB
import Model

/// What the one who writes has at hand. It is used only by the connection that writes.
struct TelemetryWork: Sendable {
    /// Sums of flows are stored this often.
    private static let flowInterval: Duration = .seconds(300)

    /// Nil before the first access, and after an error: what the database has is looked at again.
    private(set) var traffic: TrafficWriter?
    private(set) var flows: FlowWriter?
    /// Flows that no table has yet. It is nowhere else, so an error leaves it as it is.
    private(set) var pending = PendingFlows()
    private var retention = TelemetryRetention()
    private var file = 0
    private var lastFlows = ContinuousClock.now

    /// Does something with writers that are up to date.
    ///
    /// - Parameter file: A number that is another one for a new file.
    mutating func run<Value>(
        _ db: Database, file: Int, _ body: (inout TelemetryWork, Database) throws -> Value
    ) throws -> Value {
        do {
            if traffic == nil || flows == nil || self.file != file {
                try HistorySize.limitLog(maxSize: retention.settings.maxSize, db)
                (traffic, flows) = try db.inImmediateTransaction { (try TrafficWriter(db), try FlowWriter(db)) }
                self.file = file
            }
            return try body(&self, db)
        } catch {
            (traffic, flows) = (nil, nil)
            retention = TelemetryRetention()
            throw error
        }
    }

    /// The writer of traffic, while ``run(_:file:_:)`` runs.
    func loadedTraffic() throws -> TrafficWriter {
        guard let traffic else { throw DamagedHistory() }
        return traffic
    }

    /// Stores a sample.
    mutating func record(_ sample: TrafficSample, _ db: Database) throws {
        try db.inImmediateTransaction { try traffic?.record(sample, db) }
    }

    /// Takes flows; they are stored later.
    ///
    /// - Returns: Whether it is time to store them.
    mutating func take(_ sample: FlowSample) -> Bool {
        let last = pending.newest
        pending.add(sample)
        return ContinuousClock.now - lastFlows >= Self.flowInterval || last ?? pending.newest != pending.newest
    }

    /// Stores the flows that were taken.
    mutating func storeFlows(_ db: Database) throws {
        guard !pending.isEmpty, var traffic, var flows else { return }
        try db.inImmediateTransaction {
            try flows.store(pending, number: { try traffic.number(of: $0, db) }, db)
        }
        (self.traffic, self.flows) = (traffic, flows)
        pending.clear()
        lastFlows = .now
    }

    /// Stores all that is in memory.
    mutating func flush(_ db: Database) throws {
        try storeFlows(db)
        if traffic?.hasUnsummed == true { try db.inImmediateTransaction { try traffic?.storeSums(db) } }
    }

    /// Stores flows that are due, and does a step of the retention.
    ///
    /// - Returns: Whether there is more to do at once.
    mutating func maintain(_ settings: Settings.Retention, now: Timestamp, _ db: Database) throws -> Bool {
        if ContinuousClock.now - lastFlows >= Self.flowInterval { try storeFlows(db) }
        if retention.settings != settings {
            retention = TelemetryRetention(settings: settings)
            try HistorySize.limitLog(maxSize: settings.maxSize, db)
        }
        guard var traffic, var flows else { return false }
        let isMore = try db.inImmediateTransaction { try retention.step(&traffic, &flows, now: now, db) }
        (self.traffic, self.flows) = (traffic, flows)
        return isMore
    }
}
