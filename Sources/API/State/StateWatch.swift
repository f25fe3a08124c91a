public import ServiceLifecycle

/// Tells a ``StateCache`` of every change of the repository, until the process ends.
public struct StateWatch: ServiceLifecycle.Service {
    private let states: StateCache
    private let changes: @Sendable () -> AsyncStream<Void>

    /// - Parameter changes: begins to watch; each element says that the head may have moved.
    public init(_ states: StateCache, changes: @escaping @Sendable () -> AsyncStream<Void>) {
        self.states = states
        self.changes = changes
    }

    /// Runs until graceful shutdown or cancellation.
    public func run() async {
        await cancelWhenGracefulShutdown { await states.watch(changes()) }
    }
}
