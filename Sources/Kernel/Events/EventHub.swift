import Reconciler
import Synchronization

/// Hands what happens on the host to everyone who listens.
final class EventHub: Sendable {
    private struct State {
        var listeners: [Int: AsyncStream<HostEvent>.Continuation] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    /// A new stream; `ended` runs when nobody listens to it any more.
    func stream(ended: @escaping @Sendable () -> Void) -> AsyncStream<HostEvent> {
        // Events only say "look again": what doesn't fit is covered by what is still in line.
        let (stream, continuation) = AsyncStream.makeStream(of: HostEvent.self, bufferingPolicy: .bufferingOldest(1024))
        let id = state.withLock { state in
            state.next += 1
            state.listeners[state.next] = continuation
            return state.next
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { state in state.listeners[id] = nil }
            ended()
        }
        return stream
    }

    func send(_ event: HostEvent) {
        let listeners = state.withLock { state in Array(state.listeners.values) }
        for listener in listeners { listener.yield(event) }
    }
}
