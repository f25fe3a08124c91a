import Gateway
import Model

/// What the daemon observes beside the host itself: traffic, flows, places.
struct ServedTelemetry: TelemetryService {
    func traffic(
        of subject: TrafficSubject, _ resolution: TrafficResolution, from: Timestamp, to: Timestamp
    ) async throws(GatewayFailure) -> TrafficHistory {
        TrafficHistory(resolution: resolution, points: [], keptFrom: nil)
    }

    func traffic(
        _ resolution: TrafficResolution, from: Timestamp, to: Timestamp
    ) async throws(GatewayFailure) -> [TrafficSubject: [TrafficHistory.Point]] { [:] }

    func geography(
        of peers: Set<String>?, from: Timestamp, to: Timestamp
    ) async throws(GatewayFailure) -> FlowGeography { FlowGeography() }

    func recent() async -> RecentTraffic { RecentTraffic() }

    func place(of address: IPAddress) -> Place { Place() }

    var telemetryStatus: TelemetryStatus { TelemetryStatus() }
}
