import Database
import Gateway
import Logging
import Model
import Reconciler
import Synchronization
import Telemetry

/// Reads the counters of peers and interfaces every now and then, and stores what moved.
///
/// Only the controller looks at WireGuard: this asks it for a view that is new enough.
final class TrafficSampler: Sendable {
    private let reconciliation: any Reconciliation
    private let database: TelemetryDatabase
    private let clock: any WallClock
    private let logger: Logger
    private let state = Mutex(State())

    private struct State {
        /// Nil before the first sample, and after one that could not be stored: the database knows what was.
        var meter: TrafficMeter?
        /// What passes made anew, and no stored sample has counted since.
        var recreated: Set<TrafficSubject> = []
        /// The number of the newest pass that was taken in.
        var pass = 0
        /// The last look at the counters, by the clock that never jumps and the other one.
        var lookedAt: Duration?
        var sampledAt: Timestamp?
        var failure: String?

        /// Learns what a pass made anew, once. One that comes after a newer one is too late: the counters told by then.
        mutating func note(_ report: PassReport) {
            guard report.number > pass else { return }
            pass = report.number
            recreated.formUnion(TrafficSampler.recreated(report))
        }

        /// The time since the look before; at least one second.
        func seconds(until view: GatewayView) -> Int {
            if let lookedAt { return max(1, Int((view.lookedAt - lookedAt).components.seconds)) }
            // The look before was another process's: only its civil time is known.
            guard let sampledAt else { return 1 }
            return max(1, Int(view.report.observed.takenAt.seconds - sampledAt.seconds))
        }
    }

    /// A sampler that reads nothing before it is told to.
    init(
        _ reconciliation: any Reconciliation, database: TelemetryDatabase, clock: any WallClock, logger: Logger
    ) {
        self.reconciliation = reconciliation
        self.database = database
        self.clock = clock
        self.logger = logger
    }

    /// When the last stored sample was made; nil: none was.
    var sampledAt: Timestamp? { state.withLock { $0.sampledAt } }

    /// Why the last sample is not stored; nil: it is.
    var failure: String? { state.withLock { $0.failure } }

    /// Learns what a pass made anew: that counts from zero.
    func note(_ report: PassReport) { state.withLock { $0.note(report) } }

    /// Reads the counters and stores what moved.
    ///
    /// - Parameter age: a look at the host that is no older than this is new enough: it knows when it was.
    func sample(maximumAge age: Duration) async {
        do {
            if state.withLock({ $0.meter == nil }) { try await begin() }
            guard let view = await reconciliation.refreshedView(maximumAge: age),
                let (sample, recreated) = take(view)
            else { return }
            try await database.record(sample)
            state.withLock { state in
                state.recreated.subtract(recreated)
                state.sampledAt = sample.time
            }
            settle(nil)
        } catch {
            // The meter is ahead of what is stored: it begins again from there, and nothing is lost.
            state.withLock { ($0.meter, $0.lookedAt) = (nil, nil) }
            settle("\(error)")
        }
    }

    private func begin() async throws {
        let baselines = try await database.baselines()
        let now = clock.now()
        state.withLock { state in
            state.meter = TrafficMeter(baselines: baselines)
            state.sampledAt = database.recent(now: now).sampledAt
        }
    }

    /// What moved until this look, and what of it was made anew; nil: it was seen before.
    private func take(_ view: GatewayView) -> (TrafficSample, recreated: Set<TrafficSubject>)? {
        let readings = TelemetryReadings(view).readings
        return state.withLock { state in
            guard view.lookedAt != state.lookedAt, var meter = state.meter else { return nil }
            state.note(view.report)
            for subject in state.recreated { meter.noteRecreated(subject) }
            let seconds = state.seconds(until: view)
            // Over a time in which nobody looked nothing is known of sessions, though the bytes moved in all of it.
            let isFirst = state.lookedAt == nil
            var sample = meter.sample(
                readings, time: view.report.observed.takenAt, seconds: isFirst ? 1 : seconds)
            sample.seconds = seconds
            state.meter = meter
            state.lookedAt = view.lookedAt
            return (sample, Set(sample.entries.lazy.map(\.subject)).intersection(state.recreated))
        }
    }

    /// What a pass made anew.
    private static func recreated(_ report: PassReport) -> [TrafficSubject] {
        report.results.compactMap { change, outcome in
            guard outcome == .done, change.action == .create else { return nil }
            switch change.object.kind {
            case .peer: return change.peerID.map(TrafficSubject.peer)
            case .interface: return .interface(change.object.name)
            default: return nil
            }
        }
    }

    private func settle(_ failure: String?) {
        let before = state.withLock { state in
            defer { state.failure = failure }
            return state.failure
        }
        guard failure != before else { return }
        if let failure {
            logger.error("traffic can't be stored", metadata: ["error": "\(failure)"])
        } else {
            logger.notice("traffic is stored again")
        }
    }
}
