public import Logging
public import Model
public import ServiceLifecycle

/// The filtering forwarder: takes queries where it is configured to, and answers each one it can.
public final class Forwarder: Sendable, Service {
    /// A forwarder that serves nothing before it is configured and run.
    ///
    /// - Parameters:
    ///   - clock: civil time, for rules and pauses that end and for the query log.
    ///   - logger: gets a line when a listener begins, waits or ends; never a name that was asked for.
    ///   - record: takes a row of the query log, on any thread; it must never block.
    public init(clock: any WallClock, logger: Logger, record: @escaping @Sendable (QueryLogRow) -> Void) {}

    /// Serves by another configuration from now on; nil: serves nobody.
    ///
    /// It is swapped at once: a query is answered by one configuration, the old or the new. Listeners that stay keep
    /// their sockets, and the cache is kept unless its settings changed.
    public func apply(_ configuration: ForwarderConfiguration?) {}

    /// Looks at the listeners now: an interface or address came or went.
    public func refresh() {}

    /// Where each listener of the configuration stands, sorted.
    public var listeners: [ListenerStatus] { [] }

    /// What happened since the start.
    public var counters: ForwarderCounters { ForwarderCounters() }

    /// Forgets all answers of upstreams.
    public func flushCache() {}

    /// Serves until the task is cancelled or a graceful shutdown begins, then closes every socket at once.
    public func run() async throws {}
}
