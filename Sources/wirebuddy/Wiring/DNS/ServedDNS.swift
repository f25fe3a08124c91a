import DNSForwarder
import DNSPolicy
import Database
import Gateway
import Logging
import Model
import ServiceLifecycle

/// The DNS forwarder of the daemon with all around it: the lists it blocks by, the log it writes, the pauses it heeds.
struct ServedDNS: Sendable {
    let forwarder: Forwarder
    let keeper: ListKeeper
    let log: QueryLog
    let feed: DNSFeed
    let database: GatewayDatabase
    let clock: any WallClock
    let logger: Logger
}

extension ServedDNS: ServiceLifecycle.Service {
    /// Hands lists over as they come, until graceful shutdown or cancellation.
    func run() async throws {
        try await loadPauses()
        await cancelWhenGracefulShutdown {
            for await _ in keeper.changes() { await feed.listsChanged() }
        }
    }

    /// Reads the pauses, which outlive the daemon.
    private func loadPauses() async throws {
        await feed.pauses(try await database.pauses(now: clock.now()))
    }
}

extension ServedDNS: DNSService {
    func queries(_ filter: QueryLogFilter, limit: Int, offset: Int) async throws(GatewayFailure) -> QueryLogPage {
        try await failing { try await log.page(filter, limit: limit, offset: offset) }
    }

    func deleteQueries() async throws(GatewayFailure) {
        let count = try await failing { try await log.deleteAll() }
        logger.notice("the query log was emptied", metadata: ["rows": "\(count)"])
    }

    func statistics(from: Timestamp, to: Timestamp) async throws(GatewayFailure) -> QueryStatistics {
        try await failing { try await log.statistics(from: from, to: to) }
    }

    var blocklistStatuses: [BlocklistStatus] { keeper.statuses }

    func updateBlocklists(_ names: Set<String>?, force: Bool) async -> [BlocklistStatus] {
        let statuses = await keeper.update(names: names?.sorted(), force: force)
        return statuses.filter { names?.contains($0.name) ?? ($0.state != .disabled) }
    }

    func pauses() async throws(GatewayFailure) -> [FilteringPauseEntry] {
        try await failing { try await database.pauses(now: clock.now()) }
    }

    func pause(_ pause: FilteringPauseEntry) async throws(GatewayFailure) {
        try await failing {
            try await database.pause(pause)
            await feed.pauses(try await database.pauses(now: clock.now()))
        }
        logger.notice(
            "dns filtering is paused",
            metadata: [
                "client": "\(pause.client ?? "everybody")", "until": "\(pause.until)", "author": "\(pause.author)",
            ])
    }

    func resume(client: String?) async throws(GatewayFailure) -> [FilteringPauseEntry] {
        let ended = try await failing {
            let before = try await database.pauses(now: clock.now())
            if let client {
                try await database.resume(client: client)
            } else {
                try await database.resumeAll()
            }
            let left = try await database.pauses(now: clock.now())
            await feed.pauses(left)
            return before.filter { entry in !left.contains { $0.client == entry.client } }
        }
        for entry in ended {
            logger.notice("dns filtering goes on", metadata: ["client": "\(entry.client ?? "everybody")"])
        }
        return ended
    }

    func explain(_ question: DNSQuestion) async throws(GatewayFailure) -> DNSExplanation {
        let name: DomainName
        do {
            name = try DomainName(text: question.domain)
        } catch {
            throw .invalidFields(
                kind: "DNSQuestion", name: question.domain,
                [InvalidField("domain", "\(question.domain) is not a domain name: \(error)")])
        }
        guard let type = RecordType(text: question.type) else {
            throw .invalidFields(
                kind: "DNSQuestion", name: question.domain,
                [InvalidField("type", "\(question.type) is not a type of record: A, AAAA, HTTPS, TYPE65280, …")])
        }
        guard let inForce = await feed.inForce else { throw .conflict("no revision is in force yet") }
        let clients = question.client.map { inForce.policy.clients(named: $0) } ?? inForce.policy.everybody
        if clients.isEmpty, let client = question.client { throw .notFound(kind: "Peer", name: client, similar: []) }
        let present = Set(inForce.policy.lists.map(\.name))
        return DNSExplanation(
            revision: inForce.revision, name: "\(name)", type: "\(type)",
            answers: inForce.policy.explain(name, type, for: clients, at: clock.now(), pause: inForce.pause)
                .map { DNSExplanation.Answer($0.clients, $0.explanation) },
            absentLists: inForce.catalog.blocklists.filter { $0.enabled && !present.contains($0.name) }.map(\.name))
    }

    func flush() async -> Int {
        let count = forwarder.counters.cacheEntries
        forwarder.flushCache()
        logger.notice("the dns cache was emptied", metadata: ["answers": "\(count)"])
        return count
    }

    private func failing<Value: Sendable>(
        _ body: () async throws -> Value
    ) async throws(GatewayFailure) -> Value {
        do { return try await body() } catch { throw GatewayFailure.failed("\(error)") }
    }
}
