internal import DNSPolicy
internal import Model

/// A good query of a peer, from where it was taken to its answer.
struct AskedQuery: Sendable {
    let query: ClientQuery
    let asker: Asker
    let client: PolicyClient
    let transport: QueryTransport
    /// Civil time when it was taken.
    let time: Timestamp
    /// When it was taken.
    let start: ContinuousClock.Instant

    /// Ends a query of which nothing is kept: counts it, notes it in the log where it belongs, and writes the answer.
    func answer(
        _ resolution: Resolution, by upstream: DNSUpstream? = nil, _ service: QueryService,
        _ counters: inout ForwarderCounters
    ) -> [UInt8] {
        counters.answered += 1
        if resolution.isBlocked { counters.blocked += 1 }
        switch resolution.origin {
        case .cache: counters.cacheHits += 1
        case .failure: counters.failed += 1
        case .policy, .local, .upstream: break
        }
        if asker.isLogged {
            let facts = LoggedQuery.Facts(QueryLogRow(self, resolution, upstream))
            service.record(LoggedQuery(facts, time: time, since: start))
        }
        return encoded(resolution.answer, age: resolution.age)
    }

    func encoded(_ answer: Answer, age: UInt32 = 0) -> [UInt8] {
        answer.encoded(for: query, limit: transport.limit(query), age: age)
    }
}
