import Synchronization

/// The rest between two looks, which somebody may end early.
final class Nap: Sendable {
    private struct State {
        /// Whether somebody asked since the last rest began.
        var isOver = false
        var sleeper: Task<Void, Never>?
    }

    private let state = Mutex(State())

    /// How long those who ask are gathered: a push of several branches is told of several times.
    static let gathering: Duration = .milliseconds(200)

    /// Returns after this time, when ``end()`` is called, or when the task is cancelled. A call since the rest before
    /// counts too: what it told of may have come after the look.
    func sleep(for time: Duration) async {
        // Cancelled: the rest is over.
        let sleeper = Task { _ = try? await Task.sleep(for: time) }
        let isOver = state.withLock { state in
            state.sleeper = sleeper
            return state.isOver
        }
        if isOver { sleeper.cancel() }
        await withTaskCancellationHandler {
            await sleeper.value
        } onCancel: {
            sleeper.cancel()
        }
        if sleeper.isCancelled, !Task.isCancelled { try? await Task.sleep(for: Self.gathering) }
        state.withLock { $0 = State() }
    }

    /// Ends the rest, or the next one if none is taken.
    func end() {
        let sleeper = state.withLock { state in
            state.isOver = true
            return state.sleeper
        }
        sleeper?.cancel()
    }
}
