import Gateway
import HTTPTypes
import Manifest
import Model

/// How requests become reads and writes of DNS rules.
enum DNSRuleWrites {
    /// The rules that somebody may see, as the contract shows them: rows are copied, not rendered.
    static func list(_ request: APIRequest, in state: ResourceState) throws(APIFailure) -> APIResponse {
        let page = try Paging(request.query, standard: nil)
        let scope = DNSScope(request.principal, state)
        let rules = state.index.dnsRules.table.rules
        let visible = scope.seesAll ? nil : rules.indices.filter { scope.contains(rules[$0]) }
        let total = visible?.count ?? rules.count
        let start = min(page.offset, total)
        let range = start..<min(start + (page.limit ?? total), total)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(range.count * 512 + 128)
        bytes += "{\"success\":true,\"data\":[".utf8
        if let visible {
            state.dnsRules.append(visible[range], to: &bytes)
        } else {
            state.dnsRules.append(range, to: &bytes)
        }
        let limit = page.limit.map { "\($0)" } ?? "null"
        bytes += "],\"total\":\(total),\"limit\":\(limit),\"offset\":\(page.offset)}".utf8
        return APIResponse(
            status: .ok, headers: [.revision: state.declared.revision], bytes: bytes, contentType: "application/json")
    }

    static func create(_ request: APIRequest) throws(APIFailure) -> APIWrite {
        let body = try BodyEdits.of(request, kind: .dnsRule, shown: nil)
        return APIWrite(intent: .createDNSRule(body.edits), creates: true, show: show)
    }

    static func update(_ request: APIRequest, _ services: APIServices) async throws(APIFailure) -> APIWrite {
        let state = try await services.state()
        let rule = try visible(request, in: state)
        let selector = DNSRuleSelector(rule)
        guard case .fields = rule.form else {
            // The intent says why, whatever the body wants.
            return write(selector, .updateDNSRule(selector, []))
        }
        let body = try BodyEdits.of(request, kind: .dnsRule, shown: state.dnsRules.document(of: rule))
        return write(selector, .updateDNSRule(selector, body.edits))
    }

    static func delete(_ request: APIRequest, _ services: APIServices) async throws(APIFailure) -> APIWrite {
        let selector = DNSRuleSelector(try visible(request, in: try await services.state()))
        return write(selector, .removeDNSRule(selector))
    }

    /// The rule of the path, where it is not about somebody else.
    static func visible(_ request: APIRequest, in state: ResourceState) throws(APIFailure) -> DeclaredDNSRule {
        let table = state.index.dnsRules.table
        guard let position = table.position(of: request.parameter("id")),
            DNSScope(request.principal, state).contains(table.rules[position])
        else { throw .notFound }
        return table.rules[position]
    }

    /// A rule as its GET shows it.
    static func shown(_ rule: DeclaredDNSRule, in state: ResourceState) -> ShownObject {
        ShownObject(
            data: state.dnsRules.document(of: rule), etag: ObjectTag.of(rule), location: "/api/dns/rules/\(rule.id)")
    }

    private static func write(_ selector: DNSRuleSelector, _ intent: Intent) -> APIWrite {
        APIWrite(
            intent: intent, tag: { tree in (try? selector.rule(in: tree)).map { ObjectTag.of($0) } }, show: show)
    }

    private static let show: @Sendable (ObjectIdentity, ResourceState) throws(APIFailure) -> ShownObject? = {
        identity, state in
        let table = state.index.dnsRules.table
        return table.position(of: identity.name).map { shown(table.rules[$0], in: state) }
    }
}
