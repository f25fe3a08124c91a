/// The settings of the gateway, `kind: Settings`, at most one document. Every field has a default that works.
public struct Settings: Sendable, Equatable {
    /// The UUID of the repository, written by `init`; part of derived ids.
    public var repositoryID: String?
    /// The host devices dial when an interface names none; the port is the interface's.
    public var publicEndpoint: Endpoint.Host?
    /// How the loop works.
    public var reconcile = Reconcile()
    /// Defaults of peers.
    public var peers = PeerDefaults()
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
}
