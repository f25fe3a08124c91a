import Model

/// When the next pass is due. Pure: time comes in as values of the uptime clock.
///
/// Events are gathered for ``gathering`` and cause at most one pass per ``eventPace``; a revision, a request, an ended
/// program, a changed name or an expiry causes one at once. While passes fail as a whole, events and interval wait for
/// the backoff.
struct LoopSchedule {
    static let gathering: Duration = .milliseconds(100)
    static let eventPace: Duration = .seconds(1)

    private var pending: Set<LoopTrigger> = [.start]
    private var firstEvent: Duration?
    private var lastEventPass: Duration?
    private var intervalAt: Duration?
    private var retryAt: Duration?
    private var instantAt: Duration?
    private var backoffUntil: Duration?
    private var failures = 0

    /// Takes a trigger in. Any number of them before a pass lead to one pass.
    mutating func receive(_ trigger: LoopTrigger, at now: Duration) {
        pending.insert(trigger)
        if trigger == .event, firstEvent == nil { firstEvent = now }
    }

    /// When the next pass should begin; nil = when something is received.
    var due: Duration? {
        if pending.contains(where: { $0 != .event }) { return .zero }
        let event = firstEvent.map { first in
            [first + Self.gathering, lastEventPass.map { $0 + Self.eventPace }, backoffUntil].compactMap(\.self).max()
                ?? first
        }
        let interval = intervalAt.map { at in backoffUntil.map { max(at, $0) } ?? at }
        return [event, interval, retryAt, instantAt].compactMap(\.self).min()
    }

    /// Begins a pass: it covers everything received so far.
    mutating func begin(at now: Duration) -> LoopTrigger {
        var causes = pending
        if let retryAt, retryAt <= now { causes.insert(.retry) }
        if let instantAt, instantAt <= now { causes.insert(.instant) }
        let cause = causes.max() ?? .interval
        if cause == .event { lastEventPass = now }
        pending = []
        firstEvent = nil
        intervalAt = nil
        retryAt = nil
        instantAt = nil
        return cause
    }

    /// A pass ended: `began` is when it did, the rest is what it says about the future.
    mutating func finish(began: Duration, interval: Duration, retryAt: Duration?, instantAt: Duration?) {
        failures = 0
        backoffUntil = nil
        intervalAt = began + interval
        self.retryAt = retryAt
        self.instantAt = instantAt
    }

    /// A pass could not be made at all.
    mutating func fail(at now: Duration, interval: Duration, jitter: Double) {
        failures += 1
        let next = now + Backoff.delay(failures: failures, jitter: jitter)
        backoffUntil = next
        retryAt = next
        intervalAt = now + interval
    }
}
