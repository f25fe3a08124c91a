import GRDB
public import Model
import Synchronization

extension TelemetryDatabase {
    /// The traffic of a peer or an interface in the buckets that touch `from` ..< `to`; it holds what was sampled until now.
    ///
    /// - Throws: ``DatabaseFailure``, also for a span of more than 1,000,000 points.
    public func traffic(
        of subject: TrafficSubject, _ resolution: TrafficResolution, from: Timestamp, to: Timestamp
    ) async throws(DatabaseFailure) -> TrafficHistory {
        try await read { work, db in
            try Self.reader(work, resolution, from: from, to: to).history(of: subject, db)
        }
    }

    /// The traffic of all peers and interfaces: every subject that moved at all, with the points in which something moved,
    /// oldest first.
    ///
    /// - Throws: ``DatabaseFailure``, also for a span of more than 1,000,000 points.
    public func traffic(
        _ resolution: TrafficResolution, from: Timestamp, to: Timestamp
    ) async throws(DatabaseFailure) -> [TrafficSubject: [TrafficHistory.Point]] {
        try await read { work, db in
            let reader = try Self.reader(work, resolution, from: from, to: to)
            return try reader.histories(work.subjects.numbers, db)
        }
    }

    private static func reader(
        _ writer: TrafficWriter, _ resolution: TrafficResolution, from: Timestamp, to: Timestamp
    ) throws -> TrafficReader {
        if let reader = TrafficReader(writer, resolution, from: from, to: to) { return reader }
        throw DatabaseFailure(
            "the traffic from \(from) to \(to) has more than \(TrafficReader.mostPoints) points: ask for a shorter time"
                + " or a coarser resolution")
    }

    /// Runs `body` with a connection that reads and the sums that the tables don't have yet as that connection sees them.
    private func read<Value: Sendable>(
        _ body: @escaping @Sendable (TrafficWriter, Database) throws -> Value
    ) async throws(DatabaseFailure) -> Value {
        let answer: Value?
        do {
            answer = try await store.read { db in
                let state = try TrafficState(db)
                // Another one, when sums were stored just now.
                let writer = self.work.withLock { $0.traffic }
                guard let writer, writer.state == state else { return nil }
                return try body(writer, db)
            }
        } catch {
            throw store.failure(error)
        }
        if let answer { return answer }
        return try await access { work, db in try body(try work.loadedTraffic(), db) }
    }
}
