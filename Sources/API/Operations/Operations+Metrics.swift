import Gateway
import HTTPTypes
import Manifest
import Model
import Reconciler

/// What was observed: who moved how much, when, and to where.
extension Operations {
    /// The dashboard, histories, geography and the export.
    static let metrics: [Operation] = [
        Operation("getDashboard", .get, "/api/metrics/dashboard", access: .user) { request, services in
            .data(try await services.dashboard(for: request.principal).json)
        },
        Operation(
            "getPeerTraffic", .get, "/api/metrics/peers/{id}", access: .user, query: TrafficRequest.names
        ) { request, services in
            let question = try TrafficRequest(request, now: services.clock.now())
            let entry = try PeerWrites.visibleEntry(request, in: try await services.state())
            return try await question.response(of: entry, services)
        },
        Operation(
            "getPeerGeography", .get, "/api/metrics/peers/{id}/geo", access: .user, query: TimeRange.names
        ) { request, services in
            let question = try GeographyRequest(request, now: services.clock.now())
            let entry = try PeerWrites.visibleEntry(request, in: try await services.state())
            let found = try await question.document(of: entry.id, services)
            let identity: [(String, JSONValue)] = [
                ("peer", .string(entry.id)), ("name", .string(entry.peer.name)),
                ("interface", .string(entry.peer.interface)),
            ]
            let parts: [(String, JSONValue)] = [
                ("countries", .object([("rows", found.countries), ("unknown", found.unknownCountry)])),
                ("asn", .object([("rows", found.systems), ("unknown", found.unknownSystem)])),
            ]
            return .data(.object(identity + found.span + parts + found.rest))
        },
        Operation(
            "getInterfaceTraffic", .get, "/api/metrics/interfaces/{name}", access: .user, query: TrafficRequest.names
        ) { request, services in
            let question = try TrafficRequest(request, now: services.clock.now())
            let tree = try await services.state().declared.tree
            guard let interface = tree.interface(request.parameter("name")) else { throw APIFailure.notFound }
            return try await question.response(of: interface, services)
        },
        Operation(
            "getCountryTraffic", .get, "/api/metrics/geo/countries", access: .user, query: GeographyRequest.names
        ) { request, services in
            let found = try await GeographyRequest(request, now: services.clock.now()).document(request, services)
            return .data(
                .object(found.span + [("rows", found.countries), ("unknown", found.unknownCountry)] + found.rest))
        },
        Operation(
            "getSystemTraffic", .get, "/api/metrics/geo/asn", access: .user, query: GeographyRequest.names
        ) { request, services in
            let found = try await GeographyRequest(request, now: services.clock.now()).document(request, services)
            return .data(
                .object(found.span + [("rows", found.systems), ("unknown", found.unknownSystem)] + found.rest))
        },
        Operation(
            "exportTraffic", .get, "/api/metrics/export", access: .admin, query: TrafficExport.names
        ) { request, services in
            let export = try TrafficExport(request, now: services.clock.now())
            return try await export.response(services, in: try await services.state())
        },
    ]

    /// What Prometheus asks for, where it has to show who it is.
    static let prometheus: [Operation] = [
        Operation("getMetrics", .get, "/metrics", access: .admin) { _, services in try await services.scrape() }
    ]

    /// The same at the listener of the metrics: who reaches it may read it.
    static let scrape: [Operation] = [
        Operation("getMetrics", .get, "/metrics", access: .open, rate: .exempt) { _, services in
            try await services.scrape()
        }
    ]
}

extension APIServices {
    /// How many of the newest events are looked at for what was healed.
    private static let eventCount = 500

    /// The gateway at a glance.
    fileprivate func dashboard(for principal: Principal) async throws -> DashboardDocument {
        let state = try await state()
        let now = clock.now()
        let showsNames = PeerScope(principal, state).owner == nil
        let found = try await askDNS { dns throws(GatewayFailure) in
            try await dns.statistics(from: now.advanced(bySeconds: -86_400), to: now)
        }
        let events = try await reconciliation.inventory.events(limit: Self.eventCount)
        return DashboardDocument(
            state: state, recent: await telemetry.recent(),
            queries: QueryStatisticsDocument(found, blocklists: dns.blocklistStatuses, showsNames: showsNames),
            lastHealed: events.first { $0.kind == .healed }?.at, system: facts.system(), showsNames: showsNames,
            now: now)
    }

    /// What is measured, for Prometheus.
    ///
    /// - Throws: ``APIFailure``, 503, where nothing is gathered.
    fileprivate func scrape() async throws(APIFailure) -> APIResponse {
        guard let metrics else {
            throw APIFailure(.serviceUnavailable, "no metrics are gathered here: they are the daemon's")
        }
        return APIResponse(
            status: .ok, bytes: await metrics.metrics(), contentType: "text/plain; version=0.0.4; charset=utf-8")
    }
}
