internal import Synchronization

/// What happened while upstreams were asked, since the start.
public struct UpstreamCounters: Hashable, Sendable {
    /// Calls.
    public internal(set) var asked = 0
    /// Calls that joined an equal one instead of asking again.
    public internal(set) var merged = 0
    /// Calls that got an answer.
    public internal(set) var answered = 0
    /// Calls that got none: all attempts failed, the time was over, too many were waiting, or the caller left.
    public internal(set) var unanswered = 0
    /// Of those, the ones because too many were waiting.
    public internal(set) var overflowed = 0
    /// Queries sent to upstreams, each attempt for itself.
    public internal(set) var sent = 0
    /// Attempts the time was over for.
    public internal(set) var timedOut = 0
    /// Attempts that failed otherwise.
    public internal(set) var failed = 0
    /// Messages of upstreams that were no answer to a query, and ignored.
    public internal(set) var mismatched = 0
    /// Queries asked again over TCP: a truncated answer, another spelling of the name, too many mismatches.
    public internal(set) var retriedOverTCP = 0
    /// Connections opened.
    public internal(set) var connectionsOpened = 0
    /// Queries on a connection that was there already.
    public internal(set) var connectionsReused = 0

    /// Nothing yet.
    public init() {}
}

/// Where the counters are kept.
final class UpstreamTally: Sendable {
    private let values = Mutex(UpstreamCounters())

    var counters: UpstreamCounters { values.withLock { $0 } }

    func count(_ field: WritableKeyPath<UpstreamCounters, Int>, _ number: Int = 1) {
        values.withLock { $0[keyPath: field] += number }
    }
}
