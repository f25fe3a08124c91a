import Credentials
import DNSForwarder
import DNSPolicy
import Database
import Fetch
import Logging
import Model
import Reconciler
import Repository
import ServiceLifecycle
import Synchronization

extension ServedDNS {
    /// The forwarder of the gateway that this process serves. It answers nothing before the first pass.
    ///
    /// - Throws: ``CommandFailure`` when the state directory can't hold lists or the query log.
    init(
        _ gateway: RunningGateway, store: (any SocketStore)? = nil, logger: Logger
    ) throws(CommandFailure) {
        let composition = gateway.composition
        let state = composition.settings.state.content
        let clock = composition.clock
        let commit = DeclaringCommit()
        do {
            let log = QueryLog(try HistoryDatabase.open(state: state, logger: logger), clock: clock, logger: logger)
            let forwarder = Forwarder(clock: clock, logger: logger, store: store) { log.record($0) }
            let keeper = try ListKeeper.open(
                directory: "\(state)/lists", fetch: Self.fetch,
                file: { [repository = gateway.repository] path, limit in
                    try await repository.file(path, at: commit.value, limit: limit, now: clock.now())
                }, digest: { SHA256Stream() }, clock: clock, logger: logger)
            self.init(
                forwarder: forwarder, keeper: keeper, log: log,
                feed: DNSFeed(forwarder: forwarder, keeper: keeper, log: log, commit: commit, logger: logger),
                database: gateway.database, clock: clock, logger: logger)
        } catch {
            throw CommandFailure(.error, "\(error)")
        }
    }

    /// All that runs as long as the daemon does. They end in the opposite order, the log when nothing is recorded any
    /// more.
    var services: [any ServiceLifecycle.Service] { [QueryLogService(log: log), keeper, forwarder, self] }

    private static let fetch: ListKeeper.Fetch = { request, take in
        let validators = DownloadValidators(
            etag: request.validators.etag, lastModified: request.validators.lastModified)
        switch try await Download().get(request.url, validators: validators, limit: request.limit, take) {
        case .notModified: return .notModified
        case .content(let type, let validators):
            return .text(
                contentType: type,
                validators: ListValidators(etag: validators.etag, lastModified: validators.lastModified))
        }
    }
}

/// The writer of the query log as a service.
private struct QueryLogService: ServiceLifecycle.Service {
    let log: QueryLog

    func run() async throws {
        await cancelWhenGracefulShutdown { await log.run() }
    }
}

/// The commit that the lists of the repository are read from: the one that declares them, not a newer one that was
/// refused.
final class DeclaringCommit: Sendable {
    private let stored = Mutex<String?>(nil)

    /// The commit; nil: the head, also of a plain directory.
    var value: String? {
        get { stored.withLock { $0 } }
        set { stored.withLock { $0 = newValue } }
    }
}
