internal import NIOCore
internal import Synchronization

/// The questions that are being asked, each with everybody who waits for its answer: equal ones are asked once, so
/// that nobody can make many at a time and have as many chances to guess an answer.
final class PendingQuestions: Sendable {
    typealias Waiter = CheckedContinuation<UpstreamReply?, Never>

    /// What becomes of a caller.
    enum Joining: Sendable {
        /// The first one, for whom it is asked.
        case first
        /// Somebody asks already.
        case joined
        /// Too many wait already, or everything is shut down.
        case refused
    }

    /// Who asks, and what ends the waiting.
    struct Asking: Sendable {
        let task: Task<Void, Never>
        let timer: Scheduled<Void>

        func cancel() {
            task.cancel()
            timer.cancel()
        }
    }

    private struct Pending {
        let number: Int
        let asking: Asking
        var waiters: [Int: Waiter]
    }

    private struct State {
        var pending: [UpstreamRequest: Pending] = [:]
        var waiting = 0
        var numbers = 0
        /// All that are not over, also those whose question is done.
        var tasks: [Int: Task<Void, Never>] = [:]
        var isShutDown = false

        mutating func remove(_ request: UpstreamRequest, number: Int? = nil) -> Pending? {
            guard let found = pending[request], found.number == number ?? found.number else { return nil }
            pending[request] = nil
            waiting -= found.waiters.count
            return found
        }
    }

    private let state = Mutex(State())
    private let mostWaiting: Int

    init(mostWaiting: Int) { self.mostWaiting = mostWaiting }

    /// A number for a caller.
    func callerNumber() -> Int {
        state.withLock { state in
            state.numbers += 1
            return state.numbers
        }
    }

    /// Lets a caller wait, until ``finish(_:_:with:)`` or ``leave(_:caller:)``; one that is refused was not taken.
    ///
    /// - Parameter start: begins to ask; gets the number of this time of asking the question. It must not wait.
    func join(
        _ request: UpstreamRequest, caller: Int, _ waiter: Waiter, start: @Sendable (Int) -> Asking
    ) -> Joining {
        state.withLock { state in
            guard !state.isShutDown, state.waiting < mostWaiting else { return .refused }
            state.waiting += 1
            if state.pending[request] != nil {
                state.pending[request]?.waiters[caller] = waiter
                return .joined
            }
            state.numbers += 1
            let asking = start(state.numbers)
            state.tasks[state.numbers] = asking.task
            state.pending[request] = Pending(number: state.numbers, asking: asking, waiters: [caller: waiter])
            return .first
        }
    }

    /// Gives everybody who waits for this question the reply.
    func finish(_ request: UpstreamRequest, _ number: Int, with reply: UpstreamReply?) {
        guard let done = state.withLock({ $0.remove(request, number: number) }) else { return }
        done.asking.cancel()
        for waiter in done.waiters.values { waiter.resume(returning: reply) }
    }

    /// Lets a caller go without a reply; the question is given up when nobody else waits.
    func leave(_ request: UpstreamRequest, caller: Int) {
        let (waiter, abandoned): (Waiter?, Pending?) = state.withLock { state in
            guard let waiter = state.pending[request]?.waiters.removeValue(forKey: caller) else { return (nil, nil) }
            state.waiting -= 1
            guard state.pending[request]?.waiters.isEmpty == true else { return (waiter, nil) }
            return (waiter, state.remove(request))
        }
        abandoned?.asking.cancel()
        waiter?.resume(returning: nil)
    }

    /// Notes that a task is over, and with it its question.
    func ended(_ request: UpstreamRequest, _ number: Int) {
        finish(request, number, with: nil)
        state.withLock { $0.tasks[number] = nil }
    }

    /// Lets everybody go, takes nobody any more, and waits until nothing is asked.
    func shutdown() async {
        let (requests, tasks) = state.withLock { state in
            state.isShutDown = true
            return (state.pending.map { ($0.key, $0.value.number) }, Array(state.tasks.values))
        }
        for (request, number) in requests { finish(request, number, with: nil) }
        for task in tasks { await task.value }
    }
}
