/// An answer that is asked for again before its time is over, so that nobody has to wait for it.
struct PendingRenewal: Sendable {
    let inquiry: Inquiry
    let account: PeerAccount
    let revision: Revision
    let service: QueryService

    /// Asks, and keeps what comes. A failure changes nothing: the next query after the answer's time asks again.
    func run() async {
        let reply = await service.upstreams.ask(UpstreamRequest(inquiry, revision.settings))
        account.endWait()
        guard !service.isClosed else { return }
        revision.pipeline.renew(inquiry, with: reply?.message, now: .now)
    }
}
