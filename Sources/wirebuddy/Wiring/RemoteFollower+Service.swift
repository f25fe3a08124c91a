public import Repository
public import ServiceLifecycle

/// The remote is followed until the daemon is to end; what waits for a server then is stopped.
extension RemoteFollower: ServiceLifecycle.Service {
    /// Runs until graceful shutdown or cancellation.
    public func run() async throws {
        await cancelWhenGracefulShutdown { await follow() }
    }
}
