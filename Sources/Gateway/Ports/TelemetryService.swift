public import Model

/// What was observed, for who asks. Nothing of it is desired state.
public protocol TelemetryService: Sendable {
    /// The traffic of a peer or an interface in the buckets that touch `from` ..< `to`; it holds what was sampled until now.
    ///
    /// - Throws: ``GatewayFailure`` when the history can't be read.
    func traffic(
        of subject: TrafficSubject, _ resolution: TrafficResolution, from: Timestamp, to: Timestamp
    ) async throws(GatewayFailure) -> TrafficHistory

    /// The traffic of all peers and interfaces in one bucket after another, for an export: every subject that moved at all, with
    /// the points in which something moved.
    ///
    /// - Throws: ``GatewayFailure`` when the history can't be read.
    func traffic(
        _ resolution: TrafficResolution, from: Timestamp, to: Timestamp
    ) async throws(GatewayFailure) -> [TrafficSubject: [TrafficHistory.Point]]

    /// Where forwarded traffic went.
    ///
    /// - Parameter peers: the identifiers of the peers that count; nil: all of them.
    /// - Throws: ``GatewayFailure`` when the history can't be read.
    func geography(
        of peers: Set<String>?, from: Timestamp, to: Timestamp
    ) async throws(GatewayFailure) -> FlowGeography

    /// What moved since midnight UTC, and the rates of the newest sample in bits per second, of each that moved.
    func recent() async -> RecentTraffic

    /// What the GeoIP databases say of an address; empty where they say nothing.
    func place(of address: IPAddress) -> Place

    /// How observation goes.
    var telemetryStatus: TelemetryStatus { get }
}
