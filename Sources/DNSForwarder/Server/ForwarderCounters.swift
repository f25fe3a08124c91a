/// What the forwarder did, since the start.
public struct ForwarderCounters: Sendable, Hashable {
    /// Messages that came, of whatever kind.
    public internal(set) var queries = 0
    /// Queries of peers that were answered, also with a failure.
    public internal(set) var answered = 0
    /// Of those, the ones that were blocked.
    public internal(set) var blocked = 0
    /// Of those, the ones that the cache answered.
    public internal(set) var cacheHits = 0
    /// Of those, the ones whose answer was past its time, for no upstream answered.
    public internal(set) var stale = 0
    /// Of those, the ones that no upstream answered in time.
    public internal(set) var failed = 0
    /// Answers that were asked for again before their time was over.
    public internal(set) var renewed = 0
    /// Queries of somebody who is no peer of the interface, refused.
    public internal(set) var refusedUnknown = 0
    /// Queries of peers that asked more than they may: dropped over UDP, refused over TCP.
    public internal(set) var rateLimited = 0
    /// Queries of peers that had too many unanswered ones: answered as a failure.
    public internal(set) var overloaded = 0
    /// Messages that were answered by their fault alone: not readable, or of a kind that is not served.
    public internal(set) var malformed = 0
    /// Messages that get no answer: answers, and fewer octets than a header has.
    public internal(set) var dropped = 0
    /// TCP connections that were taken.
    public internal(set) var connections = 0
    /// TCP connections that were closed at once, for the peer or everybody together had too many.
    public internal(set) var refusedConnections = 0
    /// Answers in the cache at present.
    public internal(set) var cacheEntries = 0

    /// Nothing yet.
    public init() {}
}

extension ForwarderCounters {
    /// Adds what one burst of queries counted.
    mutating func add(_ other: ForwarderCounters) {
        queries += other.queries
        answered += other.answered
        blocked += other.blocked
        cacheHits += other.cacheHits
        stale += other.stale
        renewed += other.renewed
        failed += other.failed
        refusedUnknown += other.refusedUnknown
        rateLimited += other.rateLimited
        overloaded += other.overloaded
        malformed += other.malformed
        dropped += other.dropped
        connections += other.connections
        refusedConnections += other.refusedConnections
    }
}
