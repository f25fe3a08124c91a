import Gateway
import Model
import Synchronization

/// A forwarder that says what a test wants, and remembers what it was told: what the API makes of it is tested, not how
/// names are answered.
final class DNSDouble: DNSService {
    /// What the test wants, and what it was told.
    struct State {
        var rows: [QueryLogRow] = []
        var statistics = QueryStatistics()
        var statuses: [BlocklistStatus] = []
        /// How long an update takes.
        var updateTime: Duration = .zero
        var pauses: [FilteringPauseEntry] = []
        var explanation = DNSExplanation(revision: "r", name: "a.example", type: "A", answers: [])
        var failure: GatewayFailure?
        /// What was asked last.
        var filter: QueryLogFilter?
        var span: (from: Timestamp, to: Timestamp)?
        var update: (names: Set<String>?, force: Bool)?
        var question: DNSQuestion?
        var flushes = 0
    }

    let state = Mutex(State())

    var blocklistStatuses: [BlocklistStatus] { state.withLock { $0.statuses } }

    private func check() throws(GatewayFailure) {
        if let failure = state.withLock({ $0.failure }) { throw failure }
    }

    func queries(_ filter: QueryLogFilter, limit: Int, offset: Int) async throws(GatewayFailure) -> QueryLogPage {
        try check()
        let rows = state.withLock { state in
            state.filter = filter
            return state.rows
        }
        let found = rows.enumerated().reversed().map { QueryLogPage.Entry(id: Int64($0 + 1), row: $1) }
            .filter { entry in
                (filter.visibleClients?.contains(entry.row.client) ?? true)
                    && filter.status.map { $0 == entry.row.status } ?? true
            }
        return QueryLogPage(
            entries: Array(found.dropFirst(offset).prefix(limit)), total: found.count, totalIsMinimum: false)
    }

    func deleteQueries() async throws(GatewayFailure) {
        try check()
        state.withLock { $0.rows = [] }
    }

    func statistics(from: Timestamp, to: Timestamp) async throws(GatewayFailure) -> QueryStatistics {
        try check()
        return state.withLock { state in
            state.span = (from, to)
            return state.statistics
        }
    }

    func updateBlocklists(_ names: Set<String>?, force: Bool) async -> [BlocklistStatus] {
        let time = state.withLock { state in
            state.update = (names, force)
            return state.updateTime
        }
        // It goes on when nobody waits, so nothing cancels it.
        try? await Task.sleep(for: time)
        return state.withLock { state in state.statuses.filter { names?.contains($0.name) ?? true } }
    }

    func pauses() async throws(GatewayFailure) -> [FilteringPauseEntry] {
        try check()
        return state.withLock { $0.pauses }
    }

    func pause(_ pause: FilteringPauseEntry) async throws(GatewayFailure) {
        try check()
        state.withLock { state in
            state.pauses.removeAll { $0.client == pause.client }
            state.pauses.append(pause)
        }
    }

    func resume(client: String?) async throws(GatewayFailure) -> [FilteringPauseEntry] {
        try check()
        return state.withLock { state in
            let ended = state.pauses.filter { client == nil || $0.client == client }
            state.pauses.removeAll(where: ended.contains)
            return ended
        }
    }

    func explain(_ question: DNSQuestion) async throws(GatewayFailure) -> DNSExplanation {
        try check()
        return state.withLock { state in
            state.question = question
            return state.explanation
        }
    }

    func flush() async -> Int {
        state.withLock { state in
            state.flushes += 1
            return 7
        }
    }
}
