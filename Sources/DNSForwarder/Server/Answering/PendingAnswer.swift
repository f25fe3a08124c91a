/// A query that waits for an upstream.
struct PendingAnswer: Sendable {
    let asked: AskedQuery
    let inquiry: Inquiry
    let revision: Revision
    let service: QueryService

    /// The answer, at the latest when the time for a query is over; nil when the service ended meanwhile.
    func answer() async -> [UInt8]? {
        let reply = await service.upstreams.ask(UpstreamRequest(inquiry, revision.settings))
        asked.asker.account.endWait()
        guard !service.isClosed else { return nil }
        let resolution = revision.pipeline.finish(inquiry, with: reply?.message, now: .now)
        var counters = ForwarderCounters()
        let bytes = asked.answer(resolution, by: reply?.upstream, service, &counters)
        service.count(counters)
        return bytes
    }
}
