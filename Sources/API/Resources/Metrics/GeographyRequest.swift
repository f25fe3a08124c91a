import Gateway
import Manifest
import Model

/// A question about where forwarded traffic went.
struct GeographyRequest: Sendable {
    private let range: TimeRange

    /// The query parameters of the gateway's geography.
    static let names: Set<String> = TimeRange.names.union(["peer"])

    /// - Throws: ``APIFailure``, 400.
    init(_ request: APIRequest, now: Timestamp) throws(APIFailure) {
        range = try TimeRange(request, now: now)
    }

    /// The geography of all peers, or of the one that the query names.
    ///
    /// - Throws: ``APIFailure``: 404 for a peer that is not there or somebody else's, 409 for a name of several.
    func document(
        _ request: APIRequest, _ services: APIServices
    ) async throws(APIFailure) -> GeographyDocument {
        guard let text = try request.text("peer", maximum: 128) else { return try await document(of: nil, services) }
        let state = try await services.state()
        return try await document(of: try Self.peer(text, request.principal, in: state), services)
    }

    /// The geography of one peer; nil: of all.
    func document(of peer: String?, _ services: APIServices) async throws(APIFailure) -> GeographyDocument {
        let flows = try await services.askTelemetry { telemetry throws(GatewayFailure) in
            try await telemetry.geography(of: peer.map { [$0] }, from: range.start, to: range.end)
        }
        return GeographyDocument(flows, range, accounting: services.telemetry.telemetryStatus.flows)
    }

    /// The id of a peer by whatever names it.
    private static func peer(
        _ text: String, _ principal: Principal, in state: ResourceState
    ) throws(APIFailure) -> String {
        let scope = PeerScope(principal, state)
        let tree = state.declared.tree
        if let position = state.index.position(of: text) {
            let entry = state.index.peers[position]
            guard scope.contains(entry.peer) else { throw .notFound }
            return entry.id
        }
        let peer: Peer
        do throws(GatewayFailure) {
            peer = try PeerSelector(text).peer(in: tree)
        } catch {
            // What the peers of others are called is not everybody's to find out.
            throw scope.owner == nil ? APIFailure(error) : .notFound
        }
        guard scope.contains(peer), let id = PeerQuery.id(of: peer, in: tree) else { throw .notFound }
        return id
    }
}
