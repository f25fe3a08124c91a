import Synchronization

/// Where the reports of passes are handed to those who wait for one and those who follow them all.
public final class PassBoard: Sendable {
    private struct Waiter {
        var suits: @Sendable (PassReport) -> Bool
        var continuation: CheckedContinuation<PassReport?, Never>
    }

    private struct State {
        var isEnded = false
        var newest: PassReport?
        var nextID = 0
        var waiters: [Int: Waiter] = [:]
        var followers: [Int: AsyncStream<PassReport>.Continuation] = [:]
    }

    /// How many reports a follower may lag behind before he misses the oldest.
    static let backlog = 16

    private let state = Mutex(State())

    /// A board without any report.
    public init() {}

    /// Hands out a report.
    ///
    /// - Parameter isWhole: whether the pass did all it could for the head. Nobody waits for any other.
    public func publish(_ report: PassReport, isWhole: Bool = true) {
        let (followers, done) = state.withLock { state -> ([AsyncStream<PassReport>.Continuation], [Waiter]) in
            guard isWhole else { return (Array(state.followers.values), []) }
            state.newest = report
            let ids = state.waiters.filter { $0.value.suits(report) }.map(\.key)
            return (Array(state.followers.values), ids.compactMap { state.waiters.removeValue(forKey: $0) })
        }
        for follower in followers { follower.yield(report) }
        for waiter in done { waiter.continuation.resume(returning: report) }
    }

    /// The first report that suits, the newest one included; nil when the time ran out, the board ended or the calling
    /// task was cancelled.
    public func report(
        within time: Duration, on clock: any UptimeClock, where suits: @escaping @Sendable (PassReport) -> Bool
    ) async -> PassReport? {
        let end = clock.uptime() + time
        return await withTaskGroup(of: PassReport?.self) { group in
            group.addTask { await self.next(suits) }
            group.addTask {
                // Cancelled: the report is there, or nobody waits for it any more.
                try? await clock.sleep(until: end)
                return nil
            }
            let first = await group.next()
            group.cancelAll()
            return first ?? nil
        }
    }

    /// The reports from now on. Who is slow misses the oldest.
    public func reports() -> AsyncStream<PassReport> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: PassReport.self, bufferingPolicy: .bufferingNewest(Self.backlog))
        let id = state.withLock { state -> Int? in
            guard !state.isEnded else { return nil }
            state.nextID += 1
            state.followers[state.nextID] = continuation
            return state.nextID
        }
        guard let id else {
            continuation.finish()
            return stream
        }
        continuation.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.followers.removeValue(forKey: id) }
        }
        return stream
    }

    /// There will be no further pass: who waits gets nothing, streams finish.
    public func end() {
        let (waiters, followers) = state.withLock { state in
            state.isEnded = true
            defer { (state.waiters, state.followers) = ([:], [:]) }
            return (Array(state.waiters.values), Array(state.followers.values))
        }
        for waiter in waiters { waiter.continuation.resume(returning: nil) }
        for follower in followers { follower.finish() }
    }

    private func next(_ suits: @escaping @Sendable (PassReport) -> Bool) async -> PassReport? {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<PassReport?, Never>) in
                let now: PassReport?? = state.withLock { state in
                    if let newest = state.newest, suits(newest) { return .some(newest) }
                    if state.isEnded || Task.isCancelled { return .some(nil) }
                    state.waiters[id] = Waiter(suits: suits, continuation: continuation)
                    return nil
                }
                if let now { continuation.resume(returning: now) }
            }
        } onCancel: {
            let waiter = state.withLock { $0.waiters.removeValue(forKey: id) }
            waiter?.continuation.resume(returning: nil)
        }
    }
}
