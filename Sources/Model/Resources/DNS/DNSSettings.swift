/// The DNS forwarder of the gateway, `kind: DNSSettings`, at most one document. Every field has its default resolved.
public struct DNSSettings: Sendable, Equatable {
    /// Whether it runs.
    public var enabled = true
    /// Where it answers.
    public var listen: Listen = .interfaces
    /// Whom it asks, in the order written; at least one while it runs.
    public var upstreams: [DNSUpstream] = []
    /// How it chooses among the upstreams.
    public var strategy: Strategy = .fallback
    /// The time for one query, all attempts included; 2 s.
    public var timeout: Duration = .seconds(2)
    /// How blocked names are answered.
    public var blocking = Blocking()
    /// What is kept of answers.
    public var cache = Cache()
    /// The zone of the peers: `<peer>.<interface>.<zone>`; a host name in lower case.
    public var localZone = "vpn.internal"
    /// Zones that are asked elsewhere, sorted by name.
    public var conditional: [DNSConditionalZone] = []
    /// Whether answers with private addresses for public names are refused.
    public var rebindProtection = true
    /// How many queries of one peer are answered.
    public var rateLimit = RateLimit()
    /// What is kept of queries.
    public var queryLog = QueryLog()
    /// What happens to the ways around the forwarder that enforced peers have.
    public var enforcement = Enforcement()
    /// Where the document begins.
    public var location: SourceLocation

    /// The defaults.
    public init(location: SourceLocation) {
        self.location = location
    }

    /// Where the forwarder answers.
    public enum Listen: Sendable, Hashable {
        /// On port 53 of the addresses of every enabled interface.
        case interfaces
        /// On these.
        case addresses([SocketAddress])
    }

    /// Where it answers the peers of an interface, in the order written; empty while it or the interface is disabled.
    public func addresses(on interface: Interface) -> [SocketAddress] {
        guard enabled, interface.enabled else { return [] }
        let own = interface.address.map(\.address)
        switch listen {
        case .interfaces: return own.map { SocketAddress($0, port: 53) }
        case .addresses(let list): return list.filter { own.contains($0.address) }
        }
    }

    /// How the forwarder chooses among its upstreams.
    public enum Strategy: String, Sendable, Hashable, CaseIterable {
        /// The first one that answers, in the order written.
        case fallback
        /// The one that answered fastest of late.
        case fastest
    }

    /// How blocked names are answered.
    public struct Blocking: Sendable, Equatable {
        /// Whether anything is blocked.
        public var enabled = true
        /// The answer.
        public var mode: Mode = .nullIP
        /// How long devices keep the answer; 10 s.
        public var ttl: Duration = .seconds(10)

        /// The defaults.
        public init() {}

        /// The answer for a blocked name.
        public enum Mode: Sendable, Hashable {
            /// `0.0.0.0` and `::`.
            case nullIP
            /// There is no such name.
            case nxdomain
            /// There is such a name, without any record.
            case nodata
            /// The response code REFUSED.
            case refused
            /// These addresses.
            case addresses([IPAddress])
        }
    }

    /// What is kept of answers.
    public struct Cache: Sendable, Equatable {
        /// The most entries; 0 for no cache.
        public var maxEntries = 100_000
        /// The least time an answer is kept; 0 s.
        public var minTTL: Duration = .zero
        /// The most time an answer is kept; 1 d.
        public var maxTTL: Duration = .seconds(86_400)
        /// How long an answer that is too old is still given while no upstream answers (RFC 8767); 0 s for never.
        public var serveStale: Duration = .zero
        /// Whether answers that are often asked for are renewed before they are too old.
        public var prefetch = true

        /// The defaults.
        public init() {}
    }

    /// How many queries of one peer are answered.
    public struct RateLimit: Sendable, Equatable {
        /// In the long run, each second.
        public var perSecond = 300
        /// At once.
        public var burst = 600

        /// The defaults.
        public init() {}
    }

    /// What is kept of queries.
    public struct QueryLog: Sendable, Equatable {
        /// How much is written down.
        public var level: Level = .full
        /// How long it is kept; 30 d.
        public var retention: Duration = .seconds(30 * 86_400)
        /// The most bytes it takes; 500 MB.
        public var maxSize: Int64 = 500_000_000

        /// The defaults.
        public init() {}

        /// How much is written down of a query.
        public enum Level: String, Sendable, Hashable, CaseIterable {
            /// Everything.
            case full
            /// Not who asked.
            case anonymous
            /// Nothing.
            case off
        }
    }
    /// What happens to the ways around the forwarder that enforced peers have besides port 53.
    public struct Enforcement: Sendable, Equatable {
        /// Whether DNS over TLS and over QUIC, port 853, are refused.
        public var rejectDoT = true
        /// Whether the well-known names of resolvers over HTTPS are blocked.
        public var rejectDoH = false

        /// The defaults.
        public init() {}
    }
}
