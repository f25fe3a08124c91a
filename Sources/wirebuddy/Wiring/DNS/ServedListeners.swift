import DNSForwarder
import Reconciler
import ServiceLifecycle
import Synchronization

/// Where the forwarder of the daemon answers, as conditions tell of it.
final class ServedListeners: ForwarderListeners {
    private let forwarder = Mutex<Forwarder?>(nil)

    /// Tells of this forwarder from now on.
    func follow(_ forwarder: Forwarder) { self.forwarder.withLock { $0 = forwarder } }

    func listeners() async -> [ForwarderListener] {
        let statuses = forwarder.withLock { $0 }?.listeners ?? []
        return statuses.map { status in
            switch status.state {
            case .listening: ForwarderListener(place: "\(status.listen)")
            case .waiting(let reason): ForwarderListener(place: "\(status.listen)", waiting: reason)
            }
        }
    }
}

/// Asks for a look when a listener began to answer or ceased, so that conditions don't tell of it only at the next pass.
struct ListenerWatch: ServiceLifecycle.Service {
    private let forwarder: Forwarder
    private let look: @Sendable () -> Void

    init(_ forwarder: Forwarder, look: @escaping @Sendable () -> Void) {
        self.forwarder = forwarder
        self.look = look
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var seen: [ListenerStatus] = []
            while !Task.isCancelled {
                let statuses = forwarder.listeners
                if statuses != seen {
                    seen = statuses
                    look()
                }
                do { try await Task.sleep(for: .seconds(1)) } catch { return }
            }
        }
    }
}
