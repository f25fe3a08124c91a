import Gateway
import HTTPTypes
import Model

/// The DNS forwarder: how it runs, what it did, and what it would do.
extension Operations {
    /// Settings, queries, statistics, pauses, explanations and the cache.
    static let dns: [Operation] = [
        Operation("getDNSSettings", .get, "/api/dns/settings", access: .user) { _, services in
            let state = try await services.state()
            let shown = try DNSSettingsDocument.shown(in: state)
            return .data(shown.data, headers: [.eTag: shown.etag, .revision: state.declared.revision])
        },
        Operation("updateDNSSettings", .put, "/api/dns/settings") { request, services throws(APIFailure) in
            try await DNSSettingsDocument.update(request, services)
        },
        Operation("patchDNSSettings", .patch, "/api/dns/settings") { request, services throws(APIFailure) in
            try await DNSSettingsDocument.update(request, services)
        },
        Operation(
            "listDNSQueries", .get, "/api/dns/queries", access: .user,
            query: Paging.names.union(["client", "domain", "status", "from", "to", "before"])
        ) { request, services in
            try await QueryLogRequest(request, in: try await services.state()).response(services)
        },
        Operation("deleteDNSQueries", .delete, "/api/dns/queries", access: .admin) { _, services in
            try await services.askDNS { dns throws(GatewayFailure) in try await dns.deleteQueries() }
            return .data(.object([("deleted", .boolean(true))]))
        },
        Operation("getDNSStats", .get, "/api/dns/stats", access: .user, query: ["window"]) { request, services in
            guard let seconds = SpanText.seconds(request.query["window"] ?? "24h"), seconds <= longestWindow else {
                throw APIFailure(.badRequest, "window must be a time up to 366d: 24h, 7d, 30d")
            }
            let scope = DNSScope(request.principal, try await services.state())
            let now = services.clock.now()
            let found = try await services.askDNS { dns throws(GatewayFailure) in
                try await dns.statistics(from: now.advanced(bySeconds: -seconds), to: now)
            }
            let document = QueryStatisticsDocument(
                found, blocklists: services.dns.blocklistStatuses, showsNames: scope.seesAll)
            return .data(.object(document.entries))
        },
        Operation("listDNSPauses", .get, "/api/dns/pause", access: .user) { request, services in
            .data(try await DNSPauses.list(request, services))
        },
        Operation("pauseDNS", .post, "/api/dns/pause", access: .admin) { request, services in
            .data(try await DNSPauses.begin(request, services))
        },
        Operation("resumeDNS", .delete, "/api/dns/pause", access: .admin, query: ["client"]) { request, services in
            .data(try await DNSPauses.end(request, services))
        },
        Operation(
            "explainDNS", .get, "/api/dns/explain", access: .user, query: ["domain", "client", "type"]
        ) { request, services in
            .data(.object(try await DNSExplanationRequest(request).explanation(services).entries))
        },
        Operation("flushDNSCache", .post, "/api/dns/flush", access: .admin) { _, services in
            .data(.object([("flushed", .number(await services.dns.flush()))]))
        },
    ]

    /// How far back statistics look.
    private static let longestWindow: Int64 = 366 * 86_400
}
