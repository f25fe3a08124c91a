import Model
import Synchronization

/// The backend of a host in memory.
final class SimulatedBackend: Backend {
    private let host: Mutex<SimulatedHost>
    private let clock: any WallClock

    /// A backend of a host as it is now.
    init(_ host: SimulatedHost, clock: any WallClock) {
        self.host = Mutex(host)
        self.clock = clock
    }

    func perform(_ operation: Operation) async throws(BackendError) {
        let result = host.withLock { host -> Result<Void, BackendError> in
            do throws(BackendError) { return .success(try host.perform(operation)) } catch { return .failure(error) }
        }
        try result.get()
    }

    func observe(_ request: ObservationRequest) async throws -> ObservedState {
        host.withLock { $0.observed(request, at: clock.now()) }
    }

    /// Ends at once: nobody else is at work.
    func events() -> AsyncStream<HostEvent> { AsyncStream { $0.finish() } }
}
