/// What the queries of a span of time add up to. It is made of hourly sums, never of single rows: the span begins with
/// the hour that its first instant is in.
public struct QueryStatistics: Sendable, Hashable {
    /// A name or client and how many queries it stands for.
    public struct Count: Sendable, Hashable {
        /// The name, or `interface/name` of a peer.
        public var name: String
        /// The queries.
        public var queries: Int

        /// A count.
        public init(name: String, queries: Int) {
            self.name = name
            self.queries = queries
        }
    }

    /// The sums of one hour.
    public struct Hour: Sendable, Hashable {
        /// The beginning of the hour.
        public var time: Timestamp
        /// Queries that were answered, blocked ones included.
        public var total: Int
        /// Those that were blocked.
        public var blocked: Int

        /// An hour.
        public init(time: Timestamp, total: Int, blocked: Int) {
            self.time = time
            self.total = total
            self.blocked = blocked
        }
    }

    /// Queries that were answered.
    public var total = 0
    /// Those that were blocked.
    public var blocked = 0
    /// Those that the cache answered.
    public var cached = 0
    /// Different names that were asked for: exact up to the names that an hour keeps, an estimate beyond.
    public var uniqueDomains = 0
    /// Different peers that asked.
    public var uniqueClients = 0
    /// The names most asked for, the most frequent first.
    public var topDomains: [Count] = []
    /// The names most often blocked.
    public var topBlocked: [Count] = []
    /// The peers that asked most.
    public var topClients: [Count] = []
    /// Every hour of the span, the oldest first; hours without queries are there with zeros.
    public var trend: [Hour] = []

    /// Nothing was asked.
    public init() {}
}
