/// One answered DNS query, as the query log and its statistics keep it. What stands here is what the forwarder did: no
/// field is worked out again later.
public struct QueryLogRow: Sendable, Hashable {
    /// What became of the query.
    public enum Status: String, Sendable, Hashable, CaseIterable {
        /// It was answered: by an upstream, the cache, a local name or a rewrite.
        case allowed
        /// A rule or list blocked the name, or a name or address in its answer.
        case blocked
    }

    /// Why, in one word.
    public enum Reason: String, Sendable, Hashable, CaseIterable {
        /// No rule spoke to the name.
        case noRule = "no_rule"
        /// A rule for this peer decided.
        case peerRule = "peer_rule"
        /// A rule for everybody decided.
        case globalRule = "global_rule"
        /// A blocklist decided.
        case blocklist
        /// A name or address in the answer was blocked.
        case answer
        /// Filtering was paused.
        case paused
        /// The peer is not filtered, or blocking is off.
        case notFiltered = "not_filtered"
        /// The answer would have led a public name to a private address.
        case rebindProtection = "rebind_protection"
    }

    /// Where the answer came from.
    public enum Origin: String, Sendable, Hashable, CaseIterable {
        /// A rule made it.
        case policy
        /// A name of this gateway, or one that is never asked of an upstream.
        case local
        /// The cache.
        case cache
        /// An upstream.
        case upstream
        /// No upstream answered in time.
        case failure
    }

    /// When it was answered.
    public var time: Timestamp
    /// The peer, as `interface/name`.
    public var client: String
    /// The address it asked from.
    public var address: IPAddress
    /// The name that was asked for, in lower case without a trailing dot; `.` for the root.
    public var domain: String
    /// The type that was asked for (IANA's number).
    public var type: UInt16
    /// What became of it.
    public var status: Status
    /// Why.
    public var reason: Reason
    /// Where the answer came from.
    public var origin: Origin
    /// The deciding rule as it was written; nil where none decided.
    public var rule: String?
    /// Where the deciding rule stands: `dns/rules.yaml:12`, or a list's name and line, `ads:120`.
    public var source: String?
    /// The name of the deciding blocklist; nil if none decided.
    public var list: String?
    /// The response code of the answer (RFC 6895).
    public var responseCode: UInt16
    /// The upstream that answered, as the settings write it; nil if none was asked.
    public var upstream: String?
    /// From the query to the answer, in microseconds.
    public var microseconds: UInt32

    /// A row of a query that nobody decided about.
    public init(
        time: Timestamp, client: String, address: IPAddress, domain: String, type: UInt16, status: Status = .allowed,
        reason: Reason = .noRule, origin: Origin, responseCode: UInt16 = 0, microseconds: UInt32
    ) {
        self.time = time
        self.client = client
        self.address = address
        self.domain = domain
        self.type = type
        self.status = status
        self.reason = reason
        self.origin = origin
        self.responseCode = responseCode
        self.microseconds = microseconds
    }
}
