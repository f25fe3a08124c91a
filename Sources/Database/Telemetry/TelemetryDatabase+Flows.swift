import GRDB
public import Model
import Synchronization

extension TelemetryDatabase {
    /// Takes what flows moved. It is stored with that of other samples at least every five minutes, when an hour ends, and
    /// at ``flush()``: a crash loses what was taken since.
    ///
    /// - Throws: ``DatabaseFailure`` when nothing can be stored; the sample is taken nevertheless and stored later: it must
    ///   not be recorded again.
    public func record(_ flows: FlowSample) async throws(DatabaseFailure) {
        guard SampleBytes.times.contains(flows.time.seconds) else { throw Self.wrongClock(flows.time) }
        let isDue: Bool
        do {
            isDue = try await store.access { _ in self.work.withLock { $0.take(flows) } }
        } catch {
            throw store.failure(error)
        }
        if isDue { try await access { work, db in try work.storeFlows(db) } }
    }

    /// Where forwarded traffic went. Hours are kept as long as samples, days as long as sums by the day: where hours are
    /// gone, the span is widened to days.
    ///
    /// - Parameter peers: The identifiers of the peers that count; nil: all of them.
    /// - Throws: ``DatabaseFailure``.
    public func geography(
        of peers: Set<String>?, from: Timestamp, to: Timestamp
    ) async throws(DatabaseFailure) -> FlowGeography {
        let answer: FlowGeography?
        do {
            answer = try await store.read { db in
                let state = try FlowState(db)
                // Another one, when sums were stored just now.
                let (flows, pending) = self.work.withLock { ($0.flows, $0.pending) }
                guard flows?.state == state else { return nil }
                return try GeographyReader.read(peers: peers, from: from, to: to, pending: pending, db)
            }
        } catch {
            throw store.failure(error)
        }
        if let answer { return answer }
        return try await access { work, db in
            try GeographyReader.read(peers: peers, from: from, to: to, pending: work.pending, db)
        }
    }
}
