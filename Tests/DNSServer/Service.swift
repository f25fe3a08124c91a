import Credentials
import DNSForwarder
import DNSPolicy
import Database
import Logging
import Model
import Synchronization

/// The forwarder with one list, one peer, and the rules that were added since the start.
final class Service: Sendable {
    private let options: Serve
    private let keeper: ListKeeper
    private let forwarder: Forwarder
    private let log: QueryLog?
    private let rules = Mutex(OwnRules())
    private let start: ContinuousClock.Instant

    /// Brings the compiled list into force, or compiles it if there is none.
    init(_ options: Serve, start: ContinuousClock.Instant) async throws {
        self.options = options
        self.start = start
        var logger = Logger(label: "DNSServer") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        let clock = SystemClock()
        if let directory = options.log {
            log = QueryLog(try HistoryDatabase.open(state: directory, logger: logger), clock: clock, logger: logger)
        } else {
            log = nil
        }
        forwarder = Forwarder(clock: clock, logger: logger) { [log] row in log?.record(row) }
        keeper = try ListKeeper.open(
            directory: options.state, fetch: { _, _ in .notModified },
            file: { _, limit in try ListText.read(options.list, limit: limit) }, digest: { SHA256Stream() },
            clock: clock, logger: logger)
        let place = SourceLocation(path: "ads", line: 1, column: 1)
        await keeper.declare([
            Blocklist(name: "ads", source: .file("ads.txt"), format: options.format, location: place)
        ])
        if keeper.lists.isEmpty { _ = await keeper.update() }
        guard !keeper.lists.isEmpty else { throw Unusable(reason: "\(keeper.statuses)") }
        try apply()
    }

    /// Why there is no list.
    struct Unusable: Error {
        let reason: String
    }

    /// Serves until it is cancelled.
    func run() async throws {
        try await withThrowingTaskGroup { tasks in
            tasks.addTask { [forwarder] in try await forwarder.run() }
            if let log { tasks.addTask { await log.run() } }
            try await tasks.waitForAll()
        }
    }

    /// Milliseconds from the start until queries are taken.
    func ready() async throws -> Int {
        while !forwarder.listeners.contains(where: { $0.state == .listening }) {
            try await Task.sleep(for: .milliseconds(1))
        }
        return Int(start.duration(to: .now) / .milliseconds(1))
    }

    /// Does what a line says; JSON that says it is done.
    func obey(_ line: String) async throws -> String {
        let words = line.split(separator: " ")
        switch (words.first, words.count) {
        case ("block", 2):
            let place = SourceLocation(path: "rules", line: 1, column: 1)
            let rule = DNSRule(action: .block, domain: String(words[1]), location: place)
            try rules.withLock { try $0.add(rule) }
            try apply()
            return #"{"done": "block"}"#
        case ("refresh", 1):
            _ = await keeper.update(force: true)
            try apply()
            return #"{"done": "refresh"}"#
        case ("counters", 1):
            let (log, counted) = (log?.counters, forwarder.counters)
            return """
                {"queries": \(counted.queries), "blocked": \(counted.blocked), "cached": \(counted.cacheHits), \
                "rows": \(log?.recorded ?? 0), "written": \(log?.written ?? 0), "dropped": \(log?.dropped ?? 0)}
                """
        default: return #"{"error": "no such line"}"#
        }
    }

    /// Makes a policy of the list and the rules, and serves by it from now on.
    private func apply() throws {
        let loopback = IPAddress(v4: 0x7F00_0001)
        let peer = PolicyPeer(
            interface: "lo", name: "client", allowedIPs: [Prefix(host: loopback)], isFiltered: true, blocklists: nil)
        var settings = DNSSettings(location: SourceLocation(path: "settings", line: 1, column: 1))
        settings.upstreams = [options.upstream]
        settings.rateLimit.perSecond = 1_000_000_000
        settings.rateLimit.burst = 1_000_000_000
        let policy = try Policy(
            peers: [peer], rules: rules.withLock { $0 }, lists: keeper.lists, key: keeper.key, isBlocking: true)
        forwarder.apply(
            ForwarderConfiguration(
                policy: policy, pause: FilteringPause(), settings: settings,
                local: LocalNames(.empty, zone: try DomainName(text: settings.localZone)),
                listen: [ListenAddress(address: loopback, port: options.port, device: "lo")], unlogged: []))
    }
}
