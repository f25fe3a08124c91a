import Synchronization

/// Lets one pass in at a time, in the order they came.
final class PassGate: Sendable {
    private struct State {
        var isBusy = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Whether somebody is in.
    var isBusy: Bool { state.withLock { $0.isBusy } }

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

    /// The number of the view that is published next.
    var nextNumber: Int { storage.withLock { ($0?.number ?? 0) + 1 } }

    func publish(_ view: GatewayView) { storage.withLock { $0 = view } }
}

/// Counts passes.
final class PassCount: Sendable {
    private let count = Mutex(0)

    var value: Int { count.withLock { $0 } }

    func next() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}

/// Which head a pass read last.
final class LastHead: Sendable {
    private let id = Mutex<String?>(nil)

    var value: String? { id.withLock { $0 } }

    func note(_ head: String?) { id.withLock { $0 = head } }
}
