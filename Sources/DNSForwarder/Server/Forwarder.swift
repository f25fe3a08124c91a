public import Logging
public import Model
internal import NIOCore
internal import NIOPosix
public import ServiceLifecycle
internal import Synchronization

/// The filtering forwarder: takes queries where it is configured to, and answers each one it can.
public final class Forwarder: Sendable, ServiceLifecycle.Service {
    /// The most threads that answer datagrams.
    private static let mostWorkers = 8

    /// How long the end waits for upstreams whose answers are owed: queries that came meanwhile wait as long.
    private static let patience = Duration.milliseconds(500)

    private let service: QueryService
    private let group: any EventLoopGroup
    private let logger: Logger
    private let store: (any SocketStore)?
    /// Nil: not told yet, so that nothing of before is given up.
    private let wanted = Mutex<Set<ListenAddress>?>(nil)
    private let set = Mutex<ListenerSet?>(nil)
    private let looks: AsyncStream<Void>
    private let look: AsyncStream<Void>.Continuation

    /// A forwarder that serves nothing before it is configured and run.
    ///
    /// - Parameters:
    ///   - clock: civil time, for rules and pauses that end and for the query log.
    ///   - logger: gets a line when a listener opens, waits or closes; never a name that was asked for.
    ///   - store: where sockets are kept while this program is not there; nil: nowhere.
    ///   - record: takes what the query log keeps, on any thread; it must never block.
    public convenience init(
        clock: any WallClock, logger: Logger, store: (any SocketStore)? = nil,
        record: @escaping @Sendable (LoggedQuery) -> Void
    ) {
        self.init(clock: clock, logger: logger, upstreams: UpstreamClient(logger: logger), store: store, record: record)
    }

    /// A forwarder that asks upstreams by this client, which it shuts down when it ends.
    public init(
        clock: any WallClock, logger: Logger, upstreams: UpstreamClient, store: (any SocketStore)? = nil,
        record: @escaping @Sendable (LoggedQuery) -> Void
    ) {
        service = QueryService(upstreams: upstreams, clock: clock, record: record)
        group = MultiThreadedEventLoopGroup.singleton
        self.store = store
        self.logger = logger
        (looks, look) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Serves by another configuration from now on; nil: serves nobody.
    ///
    /// It is swapped at once: a query is answered by one configuration, the old or the new. Listeners that stay keep
    /// their sockets, and the cache is kept unless its settings changed.
    public func apply(_ configuration: ForwarderConfiguration?) {
        service.apply(configuration)
        wanted.withLock { $0 = configuration?.listen ?? [] }
        look.yield()
    }

    /// Looks at the listeners now: an interface or address came or went.
    public func refresh() { look.yield() }

    /// Where each listener of the configuration stands, sorted.
    public var listeners: [ListenerStatus] {
        let wanted = wanted.withLock { $0 } ?? []
        guard let set = set.withLock({ $0 }) else {
            return wanted.sorted().map { ListenerStatus(listen: $0, state: .waiting(reason: "not running")) }
        }
        return set.statuses(wanted)
    }

    /// What happened since the start.
    public var counters: ForwarderCounters { service.counters }

    /// What happened since the start while upstreams were asked.
    public var upstreamCounters: UpstreamCounters { service.upstreams.counters }

    /// Forgets all answers of upstreams.
    public func flushCache() { service.revision?.cache.removeAll() }

    /// Serves until the task is cancelled or a graceful shutdown begins, then closes every socket: at once, or where
    /// sockets are kept when what was asked is answered. It can't be run again.
    ///
    /// - Throws: when there are no threads or descriptors to begin with.
    public func run() async throws {
        let workers = try (0..<min(max(System.coreCount, 1), Self.mostWorkers)).map { _ in
            try DatagramWorker(service)
        }
        let threads = NIOThreadPool(numberOfThreads: workers.count)
        threads.start()
        for worker in workers { threads.submit { state in if state == .active { worker.run() } } }
        let set = ListenerSet(service, workers: workers, group: group, store: store, logger: logger)
        self.set.withLock { $0 = set }
        // Addresses and devices come and go without a word to us.
        let ticker = group.next().scheduleRepeatedTask(initialDelay: .zero, delay: .seconds(1)) { [look] _ in
            look.yield()
        }
        await withGracefulShutdownHandler {
            for await _ in looks {
                if let wanted = wanted.withLock({ $0 }) { await set.reconcile(wanted) }
            }
        } onGracefulShutdown: {
            self.look.finish()
        }
        ticker.cancel()
        await set.end(patience: Self.patience)
        self.set.withLock { $0 = nil }
        for worker in workers { worker.stop() }
        try await threads.shutdownGracefully()
    }
}
