import Gateway
import HTTPTypes
import Model

/// A question about the traffic of one peer or interface.
struct TrafficRequest: Sendable {
    private let range: TimeRange
    private let resolution: TrafficResolution
    private let format: TrafficFormat

    /// The query parameters it takes.
    static let names: Set<String> = TimeRange.names.union(["resolution", "format"])

    /// - Throws: ``APIFailure``, 400.
    init(_ request: APIRequest, now: Timestamp) throws(APIFailure) {
        range = try TimeRange(request, now: now)
        resolution = try range.resolution(request)
        format = try TrafficFormat(request)
    }

    /// The traffic of a peer.
    func response(of entry: DeclaredIndex.Entry, _ services: APIServices) async throws(APIFailure) -> APIResponse {
        let history = try await history(of: .peer(entry.id), services)
        let document = TrafficDocument(history, range, counted: .encrypted)
        switch format {
        case .csv: return document.table(named: entry.peer.name, fallback: entry.peer.dnsName)
        case .json:
            return .data(
                .object(
                    [
                        ("peer", .string(entry.id)), ("name", .string(entry.peer.name)),
                        ("interface", .string(entry.peer.interface)),
                    ] + document.entries))
        }
    }

    /// The traffic of an interface.
    func response(of interface: Interface, _ services: APIServices) async throws(APIFailure) -> APIResponse {
        let history = try await history(of: .interface(interface.name), services)
        let document = TrafficDocument(history, range, counted: .inner)
        switch format {
        case .csv: return document.table(named: interface.name, fallback: interface.name)
        case .json: return .data(.object([("interface", .string(interface.name))] + document.entries))
        }
    }

    private func history(
        of subject: TrafficSubject, _ services: APIServices
    ) async throws(APIFailure) -> TrafficHistory {
        try await services.askTelemetry { telemetry throws(GatewayFailure) in
            try await telemetry.traffic(of: subject, resolution, from: range.start, to: range.end)
        }
    }
}
