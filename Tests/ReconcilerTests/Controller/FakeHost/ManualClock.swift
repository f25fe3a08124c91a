import Model
import Reconciler
import Synchronization

/// Civil and monotonic time under a test's control.
final class ManualClock: WallClock, UptimeClock {
    private struct State {
        /// Civil time at uptime zero, in whole seconds.
        var epoch: Int64 = 1_800_000_000
        var uptime: Duration = .zero
        var sleepers: [(id: Int, until: Duration, wake: CheckedContinuation<Void, any Error>)] = []
        var nextID = 0
        var cancelled: Set<Int> = []
    }

    private let state = Mutex(State())

    func now() -> Timestamp { state.withLock { Timestamp(seconds: $0.epoch + $0.uptime.components.seconds) } }
    func uptime() -> Duration { state.withLock { $0.uptime } }

    /// Sets civil time alone, as an admin or NTP does.
    func set(_ wall: Timestamp) { state.withLock { $0.epoch = wall.seconds - $0.uptime.components.seconds } }

    /// Lets time pass and wakes who waited for it.
    func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.uptime += duration
            let now = state.uptime
            let due = state.sleepers.filter { $0.until <= now }
            state.sleepers.removeAll { $0.until <= now }
            return due
        }
        for sleeper in due { sleeper.wake.resume() }
    }

    /// The instants that somebody waits for.
    var alarms: [Duration] { state.withLock { $0.sleepers.map(\.until).sorted() } }

    func sleep(until uptime: Duration) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (wake: CheckedContinuation<Void, any Error>) in
                let result = state.withLock { state -> Result<Void, any Error>? in
                    if state.cancelled.remove(id) != nil { return .failure(CancellationError()) }
                    if state.uptime >= uptime { return .success(()) }
                    state.sleepers.append((id, uptime, wake))
                    return nil
                }
                if let result { wake.resume(with: result) }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> CheckedContinuation<Void, any Error>? in
                guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.sleepers.remove(at: index).wake
            }
            sleeper?.resume(throwing: CancellationError())
        }
    }
}
