/// The settings of the gateway, `kind: Settings`, at most one document. Every field has a default that works.
public struct Settings: Sendable, Equatable {
    /// The UUID of the repository, written by `init`; part of derived ids.
    public var repositoryID: String?
    /// The host devices dial when an interface names none; the port is the interface's.
    public var publicEndpoint: Endpoint.Host?
    /// The resolvers that devices get whose queries are not filtered (`dns.filtering: false`).
    public var dnsFallback: [IPAddress] = []
    /// How the loop works.
    public var reconcile = Reconcile()
    /// When the loop takes new revisions into force.
    public var windows: [ChangeWindow] = []
    /// Defaults of peers.
    public var peers = PeerDefaults()
    /// How many requests of the API are answered.
    public var rateLimits = RateLimits()
    /// What the API offers.
    public var api = API()
    /// What is observed and kept.
    public var telemetry = Telemetry()
    /// Who is told of what.
    public var notifications: [Notification] = []
    /// What has to answer once a change on trial was made.
    public var probes: [Probe] = []
    /// Where the document begins; nil when there is none.
    public var location: SourceLocation?

    /// The defaults.
    public init() {}

    /// How the loop works.
    public struct Reconcile: Sendable, Equatable {
        /// Time between passes without a trigger; 30 s.
        public var interval: Duration = .seconds(30)
        /// What the loop does about drift where an interface doesn't say.
        public var drift: DriftPolicy = .heal
        /// The share of a kind's objects whose deletion is refused from, in percent; 20.
        public var maxDeletesPercent = 20
        /// The number of a kind's objects whose deletion is refused from; 10.
        public var maxDeletes = 10
        /// The number of live sessions that one pass may end without approval; 20.
        public var maxLiveSessions = 20
        /// When a change has to be confirmed.
        public var confirm = ConfirmPolicy.auto

        /// The defaults.
        public init() {}
    }

    /// Defaults of peers.
    public struct PeerDefaults: Sendable, Equatable {
        /// The keepalive in device configurations, in seconds; 0 = off.
        public var persistentKeepalive: UInt16 = 25
        /// The MTU in device configurations; nil = the device's own choice.
        public var mtu: Int?
        /// Whether peers whose key pair is made here get a preshared key too.
        public var presharedKeys = true

        /// The defaults.
        public init() {}
    }

    /// How many requests of the API are answered within a minute.
    public struct RateLimits: Sendable, Equatable {
        /// Requests of one user, all his tokens together.
        public var authenticated = Rate(read: 100, write: 30)
        /// Requests of one address without a token.
        public var anonymous = Rate(read: 10, write: 5)
        /// Where requests are not counted.
        public var exempt: [Prefix] = []

        /// The defaults.
        public init() {}

        /// Requests per minute.
        public struct Rate: Sendable, Equatable {
            /// Of those that change nothing.
            public var read: Int
            /// Of the others.
            public var write: Int

            /// A rate.
            public init(read: Int, write: Int) {
                self.read = read
                self.write = write
            }
        }
    }

    /// What the API offers.
    public struct API: Sendable, Equatable {
        /// Whether `/docs` is served.
        public var docs = true
        /// Whether `?token=` is accepted; discouraged, since addresses end up in logs.
        public var queryTokens = false
        /// Whether users who are no admins see their own peers only.
        public var userScope = UserScope.own
        /// How long a session lives without a request; 30 min.
        public var sessionTTL: Duration = .seconds(1800)

        /// The defaults.
        public init() {}

        /// What users who are no admins see.
        public enum UserScope: String, Sendable, Hashable, CaseIterable {
            /// Their own peers.
            case own
            /// All peers.
            case all
        }
    }
}
