internal import DNSPolicy
internal import Model
internal import Synchronization

/// What all who take queries share: the revision in force, the upstreams, the accounts of the peers, and where rows of
/// the query log go.
final class QueryService: Sendable {
    private struct State {
        var revision: Revision?
        var isClosed = false
    }

    let accounts = PeerAccounts()
    let upstreams: UpstreamClient
    let clock: any WallClock
    let record: @Sendable (LoggedQuery) -> Void
    private let state = Mutex(State())
    private let tally = Mutex(ForwarderCounters())

    init(upstreams: UpstreamClient, clock: any WallClock, record: @escaping @Sendable (LoggedQuery) -> Void) {
        self.upstreams = upstreams
        self.clock = clock
        self.record = record
    }

    /// The revision in force; nil: nobody is served.
    var revision: Revision? { state.withLock { $0.revision } }

    /// Whether nothing is answered or logged any more.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    func apply(_ configuration: ForwarderConfiguration?) {
        state.withLock { state in
            guard !state.isClosed else { return }
            state.revision = configuration.map { configuration in
                let kept = state.revision.flatMap {
                    $0.settings.cache == configuration.settings.cache ? $0.cache : nil
                }
                return Revision(configuration, cache: kept ?? AnswerCache(configuration.settings.cache))
            }
        }
        guard let configuration else { return }
        let peers = configuration.policy.peers
        accounts.keep(
            Set(peers.map { "\($0.interface)/\($0.name)" }).union(configuration.listen.map(\.device)),
            configuration.settings.rateLimit)
    }

    /// Serves nobody from now on; what waits for upstreams is given up.
    func close() async {
        state.withLock { $0 = State(isClosed: true) }
        await upstreams.shutdown()
    }

    func count(_ counters: ForwarderCounters) { tally.withLock { $0.add(counters) } }

    var counters: ForwarderCounters {
        var counters = tally.withLock { $0 }
        counters.cacheEntries = revision?.cache.count ?? 0
        return counters
    }
}
