import Gateway
import Model
import Synchronization

/// A telemetry that answers what a test says, and remembers what it was asked: what the API makes of it is tested, not how
/// traffic is counted.
final class FixedTelemetry: TelemetryService {
    /// What the test says, and what was asked.
    struct State {
        /// What moved when; answers hold a point per bucket that touches the span.
        var moved: [TrafficSubject: [TrafficHistory.Point]] = [:]
        var keptFrom: Timestamp?
        var flows = FlowGeography()
        var recent = RecentTraffic()
        var places: [IPAddress: Place] = [:]
        var status = TelemetryStatus()
        var failure: GatewayFailure?
        /// The spans that were asked about.
        var spans: [Span] = []
        /// Of which peers the geography was asked for last.
        var geographyPeers: Set<String>?
    }

    struct Span: Equatable {
        var subject: TrafficSubject?
        var from: Timestamp
        var to: Timestamp
    }

    let state = Mutex(State())

    var telemetryStatus: TelemetryStatus { state.withLock { $0.status } }

    func traffic(
        of subject: TrafficSubject, _ resolution: TrafficResolution, from: Timestamp, to: Timestamp
    ) async throws(GatewayFailure) -> TrafficHistory {
        let state = try ask(Span(subject: subject, from: from, to: to))
        let moved = Self.sums(state.moved[subject] ?? [], resolution)
        let first = resolution.bucket(of: from)
        let times = stride(from: first.seconds, to: to.seconds, by: Int(resolution.seconds)).map(
            Timestamp.init(seconds:))
        return TrafficHistory(
            resolution: resolution, points: times.map { moved[$0] ?? TrafficHistory.Point(time: $0) },
            keptFrom: state.keptFrom)
    }

    func traffic(
        _ resolution: TrafficResolution, from: Timestamp, to: Timestamp
    ) async throws(GatewayFailure) -> [TrafficSubject: [TrafficHistory.Point]] {
        let state = try ask(Span(from: from, to: to))
        let first = resolution.bucket(of: from)
        return state.moved.mapValues { points in
            Self.sums(points, resolution).values.filter { first <= $0.time && $0.time < to }
                .sorted { $0.time < $1.time }
        }
    }

    func geography(
        of peers: Set<String>?, from: Timestamp, to: Timestamp
    ) async throws(GatewayFailure) -> FlowGeography {
        state.withLock { $0.geographyPeers = peers }
        return try ask(Span(from: from, to: to)).flows
    }

    func recent() async -> RecentTraffic { state.withLock { $0.recent } }

    func place(of address: IPAddress) -> Place { state.withLock { $0.places[address] } ?? Place() }

    private func ask(_ span: Span) throws(GatewayFailure) -> State {
        let state = state.withLock { state in
            state.spans.append(span)
            return state
        }
        if let failure = state.failure { throw failure }
        return state
    }

    private static func sums(
        _ points: [TrafficHistory.Point], _ resolution: TrafficResolution
    ) -> [Timestamp: TrafficHistory.Point] {
        points.reduce(into: [:]) { sums, point in
            let time = resolution.bucket(of: point.time)
            sums[time, default: TrafficHistory.Point(time: time)].bytes += point.bytes
            sums[time]?.peak = point.peak
            sums[time]?.connectedSeconds += point.connectedSeconds
        }
    }
}

/// Metrics that say what a test wants.
struct FixedMetrics: MetricsSource {
    var text = "wirebuddy_up 1\n"

    func metrics() async -> [UInt8] { Array(text.utf8) }
}
