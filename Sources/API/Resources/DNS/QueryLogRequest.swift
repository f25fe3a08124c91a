import Gateway
import HTTPTypes
import Model

/// Which rows of the query log a request wants.
struct QueryLogRequest {
    private let filter: QueryLogFilter
    private let page: Paging
    private let limit: Int

    /// - Throws: ``APIFailure``, 400.
    init(_ request: APIRequest, in state: ResourceState) throws(APIFailure) {
        page = try Paging(request.query, standard: Self.standardLimit)
        limit = page.limit ?? Self.standardLimit
        var filter = QueryLogFilter()
        filter.client = try request.text("client", maximum: 128)
            .map { PeerSelector($0).loggedClient(in: state.declared.tree) }
        filter.visibleClients = DNSScope(request.principal, state).clients
        filter.domain = try request.text("domain", maximum: 256).map(Self.folded)
        filter.status = try request.word("status", of: QueryLogRow.Status.allCases.map(\.rawValue))
            .flatMap(QueryLogRow.Status.init(rawValue:))
        filter.from = try request.time("from")
        filter.to = try request.time("to")
        filter.before = try request.cursor("before")
        self.filter = filter
    }

    private static let standardLimit = 100

    /// Names stand in the log in lower case, without a dot at the end.
    private static func folded(_ domain: String) -> String {
        let name = domain.lowercased()
        return name.hasSuffix(".") && name != "." ? String(name.dropLast()) : name
    }

    func response(_ services: APIServices) async throws(APIFailure) -> APIResponse {
        let found = try await services.askDNS { dns throws(GatewayFailure) in
            try await dns.queries(filter, limit: limit, offset: page.offset)
        }
        return .data(
            .array(found.entries.map { QueryDocument($0).json }),
            beside: [
                ("total", .number(found.total)), ("limit", .number(limit)), ("offset", .number(page.offset)),
                ("total_is_minimum", .boolean(found.totalIsMinimum)),
            ])
    }
}

extension APIRequest {
    /// A time of the query.
    ///
    /// - Throws: ``APIFailure``, 400.
    func time(_ name: String) throws(APIFailure) -> Timestamp? {
        guard let text = query[name] else { return nil }
        guard let time = Timestamp(text) else {
            throw APIFailure(.badRequest, "\(name) must be a time in UTC: 2027-01-01T00:00:00Z")
        }
        return time
    }

    /// A place in a log of the query: the id of a row.
    ///
    /// - Throws: ``APIFailure``, 400.
    fileprivate func cursor(_ name: String) throws(APIFailure) -> Int64? {
        guard let text = query[name] else { return nil }
        let isPlain = text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard isPlain, let value = Int64(text) else {
            throw APIFailure(.badRequest, "\(name) must be the id of a row")
        }
        return value
    }
}
