import Gateway
import HTTPTypes
import Manifest
import Model

/// What the DNS forwarder blocks and rewrites.
extension Operations {
    /// Blocklists and rules.
    static let dnsPolicy: [Operation] = blocklists + dnsRules

    private static let blocklists: [Operation] = [
        Operation(
            "updateBlocklists", .post, "/api/dns/blocklists/update", access: .admin, query: ["wait"]
        ) { request, services in
            try await BlocklistUpdate(request, in: try await services.state()).response(services.dns)
        },
        Operation(
            "listBlocklists", .get, "/api/dns/blocklists", access: .user, query: Paging.names
        ) { request, services in
            let page = try Paging(request.query, standard: nil)
            let state = try await services.state()
            let (blocklists, statuses) = (state.declared.tree.blocklists, services.dns.blocklistStatuses)
            var answer = page.response(
                page.rows(of: blocklists).map { BlocklistDocument($0, statuses, in: state).shown.data },
                total: blocklists.count)
            answer.headers[.revision] = state.declared.revision
            return answer
        },
        Operation("createBlocklist", .post, "/api/dns/blocklists") { request, services throws(APIFailure) in
            try BlocklistWrites.create(request, services)
        },
        Operation("getBlocklist", .get, "/api/dns/blocklists/{name}", access: .user) { request, services in
            let state = try await services.state()
            let shown = try BlocklistWrites.shown(request.parameter("name"), in: state, services)
            return .data(shown.data, headers: [.eTag: shown.etag, .revision: state.declared.revision])
        },
        Operation("updateBlocklist", .put, "/api/dns/blocklists/{name}") { request, services throws(APIFailure) in
            try await BlocklistWrites.update(request, services)
        },
        Operation("patchBlocklist", .patch, "/api/dns/blocklists/{name}") { request, services throws(APIFailure) in
            try await BlocklistWrites.update(request, services)
        },
        Operation("deleteBlocklist", .delete, "/api/dns/blocklists/{name}") { request, services throws(APIFailure) in
            BlocklistWrites.delete(request, services)
        },
    ]

    private static let dnsRules: [Operation] = [
        Operation("listDNSRules", .get, "/api/dns/rules", access: .user, query: Paging.names) { request, services in
            try DNSRuleWrites.list(request, in: try await services.state())
        },
        Operation("createDNSRule", .post, "/api/dns/rules") { request, _ throws(APIFailure) in
            try DNSRuleWrites.create(request)
        },
        Operation("getDNSRule", .get, "/api/dns/rules/{id}", access: .user) { request, services in
            let state = try await services.state()
            let shown = DNSRuleWrites.shown(try DNSRuleWrites.visible(request, in: state), in: state)
            return .data(shown.data, headers: [.eTag: shown.etag, .revision: state.declared.revision])
        },
        Operation("updateDNSRule", .put, "/api/dns/rules/{id}") { request, services throws(APIFailure) in
            try await DNSRuleWrites.update(request, services)
        },
        Operation("patchDNSRule", .patch, "/api/dns/rules/{id}") { request, services throws(APIFailure) in
            try await DNSRuleWrites.update(request, services)
        },
        Operation("deleteDNSRule", .delete, "/api/dns/rules/{id}") { request, services throws(APIFailure) in
            try await DNSRuleWrites.delete(request, services)
        },
    ]
}
