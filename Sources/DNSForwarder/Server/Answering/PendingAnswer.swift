internal import Model

/// A query that waits for an upstream.
struct PendingAnswer: Sendable {
    let asked: AskedQuery
    let inquiry: Inquiry
    let revision: Revision
    let service: QueryService

    /// As long as RFC 8767 5 lets a client wait that could have a stale answer.
    private static let longestWaitWithStale = Duration.seconds(1.8)

    private var request: UpstreamRequest {
        var settings = revision.settings
        if revision.pipeline.hasStaleAnswer(to: inquiry, now: .now) {
            settings.timeout = min(settings.timeout, Self.longestWaitWithStale)
        }
        return UpstreamRequest(inquiry, settings)
    }

    /// The answer, at the latest when the time for a query is over; nil when the service ended meanwhile.
    func answer() async -> [UInt8]? {
        let reply = await service.upstreams.ask(request)
        asked.asker.account.endWait()
        guard !service.isClosed else { return nil }
        let resolution = revision.pipeline.finish(inquiry, with: reply?.message, now: .now)
        var counters = ForwarderCounters()
        if resolution.origin == .cache { counters.stale += 1 }
        let bytes = asked.answer(resolution, by: reply?.upstream, service, &counters)
        service.count(counters)
        return bytes
    }
}
