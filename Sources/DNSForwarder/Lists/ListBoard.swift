import DNSPolicy
import Model
import Synchronization

/// What of the lists is seen from outside: replaced as a whole, read from any thread.
final class ListBoard: Sendable {
    private struct State {
        var lists: [CompiledList] = []
        var statuses: [BlocklistStatus] = []
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
        var next = 0
    }

    private let state = Mutex(State())

    var lists: [CompiledList] { state.withLock { $0.lists } }
    var statuses: [BlocklistStatus] { state.withLock { $0.statuses } }

    /// Shows a new state; tells the listeners if other lists are in force.
    func set(lists: [CompiledList], statuses: [BlocklistStatus]) {
        let listeners = state.withLock { state in
            let isSame = state.lists.map(\.identity) == lists.map(\.identity)
            state.lists = lists
            state.statuses = statuses
            return isSame ? [] : Array(state.listeners.values)
        }
        for listener in listeners { listener.yield() }
    }

    func changes() -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state in
            state.next += 1
            state.listeners[state.next] = continuation
            return state.next
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.state.withLock { state in state.listeners.removeValue(forKey: id) }
        }
        return stream
    }
}
