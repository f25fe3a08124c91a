/// How much asking upstreams may take, whatever clients and upstreams do.
public struct UpstreamLimits: Hashable, Sendable {
    /// The most callers that wait at one time; more get nothing at once.
    public var mostWaiting = 10_000
    /// The most connections to one upstream.
    public var mostConnections = 8
    /// The queries on a connection from which another one is opened, while there may be one: servers read on only when
    /// they answered about as many.
    public var busyConnection = 32
    /// The most queries on a connection.
    public var mostPerConnection = 1000
    /// How long a connection is kept without a query.
    public var idle: Duration = .seconds(10)
    /// How long a connection that owes an answer may be silent before it is used no more.
    public var silence: Duration = .seconds(2)
    /// The datagrams of one query that are no answer to it before it is asked over TCP: somebody may be guessing.
    public var mostMismatchesPerDatagram = 8
    /// The messages on a connection that are no answer to a query before it is closed.
    public var mostMismatchesPerConnection = 100
    /// How long an upstream that failed is asked last; doubled each time it fails again.
    public var coolDown: Duration = .seconds(5)
    /// The longest time an upstream is asked last.
    public var longestCoolDown: Duration = .seconds(30)

    /// The defaults.
    public init() {}
}
