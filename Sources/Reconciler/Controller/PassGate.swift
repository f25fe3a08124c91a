import Synchronization

/// Lets one pass in at a time, in the order they came.
final class PassGate: Sendable {
    private struct State {
        var isBusy = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Waits for its turn.
    func enter() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isFree = state.withLock { state in
                if state.isBusy {
                    state.waiting.append(continuation)
                    return false
                }
                state.isBusy = true
                return true
            }
            if isFree { continuation.resume() }
        }
    }

    /// Lets the next one in.
    func leave() {
        let next = state.withLock { state -> CheckedContinuation<Void, Never>? in
            if state.waiting.isEmpty {
                state.isBusy = false
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume()
    }
}

/// The newest view, readable from anywhere at any time.
final class LatestView: Sendable {
    private let storage = Mutex<GatewayView?>(nil)

    var value: GatewayView? { storage.withLock { $0 } }

    func publish(_ view: GatewayView) { storage.withLock { $0 = view } }
}
