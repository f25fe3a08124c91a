import Gateway
import Model

/// A telemetry that answers what a test says.
struct FixedTelemetry: TelemetryService {
    var histories: [TrafficSubject: TrafficHistory] = [:]
    var flows = FlowGeography()
    var newest = RecentTraffic()
    var places: [IPAddress: Place] = [:]
    var telemetryStatus = TelemetryStatus()

    func traffic(
        of subject: TrafficSubject, _ resolution: TrafficResolution, from: Timestamp, to: Timestamp
    ) async throws(GatewayFailure) -> TrafficHistory {
        histories[subject] ?? TrafficHistory(resolution: resolution, points: [], keptFrom: nil)
    }

    func traffic(
        _ resolution: TrafficResolution, from: Timestamp, to: Timestamp
    ) async throws(GatewayFailure) -> [TrafficSubject: [TrafficHistory.Point]] { histories.mapValues(\.points) }

    func geography(
        of peers: Set<String>?, from: Timestamp, to: Timestamp
    ) async throws(GatewayFailure) -> FlowGeography { flows }

    func recent() async -> RecentTraffic { newest }

    func place(of address: IPAddress) -> Place { places[address] ?? Place() }
}
