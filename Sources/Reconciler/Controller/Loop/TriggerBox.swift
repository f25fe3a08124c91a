import Synchronization

/// Where triggers gather until the loop takes them. Equal ones merge.
final class TriggerBox: Sendable {
    private struct State {
        var triggers: Set<LoopTrigger> = []
        var isClosed = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    /// Puts a trigger in and wakes the loop.
    func put(_ trigger: LoopTrigger) {
        wake { $0.triggers.insert(trigger) }
    }

    /// Ends the loop after its present pass.
    func close() {
        wake { $0.isClosed = true }
    }

    /// Whether the loop is to end.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    /// Wakes the loop for nothing but a turn.
    func nudge() {
        wake { _ in }
    }

    /// Everything that gathered.
    func take() -> Set<LoopTrigger> {
        state.withLock { state in
            defer { state.triggers = [] }
            return state.triggers
        }
    }

    /// Returns when something is in, the box is closed, the deadline is reached, or the task is cancelled.
    func wait(until deadline: Duration?, on clock: any UptimeClock) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.arrival() }
            if let deadline { group.addTask { try? await clock.sleep(until: deadline) } }
            await group.next()
            group.cancelAll()
        }
    }

    private func arrival() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let isReady = state.withLock { state in
                    if !state.triggers.isEmpty || state.isClosed || Task.isCancelled { return true }
                    state.waiter = continuation
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            wake { _ in }
        }
    }

    private func wake(_ change: (inout State) -> Void) {
        let waiter = state.withLock { state in
            change(&state)
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }
}
