import Gateway
import Model

/// A DNS forwarder that is not there: nothing was asked, nothing is in force.
struct AbsentDNSService: DNSService {
    var blocklistStatuses: [BlocklistStatus] { [] }

    func queries(_ filter: QueryLogFilter, limit: Int, offset: Int) async throws(GatewayFailure) -> QueryLogPage {
        QueryLogPage(entries: [], total: 0, totalIsMinimum: false)
    }

    func deleteQueries() async throws(GatewayFailure) {}

    func statistics(from: Timestamp, to: Timestamp) async throws(GatewayFailure) -> QueryStatistics {
        QueryStatistics()
    }

    func updateBlocklists(_ names: Set<String>?, force: Bool) async -> [BlocklistStatus] { [] }

    func pauses() async throws(GatewayFailure) -> [FilteringPauseEntry] { [] }

    func pause(_ pause: FilteringPauseEntry) async throws(GatewayFailure) {}

    func resume(client: String?) async throws(GatewayFailure) -> [FilteringPauseEntry] { [] }

    func explain(_ question: DNSQuestion) async throws(GatewayFailure) -> DNSExplanation {
        DNSExplanation(revision: "", name: question.domain, type: question.type, answers: [])
    }

    func flush() async -> Int { 0 }
}
