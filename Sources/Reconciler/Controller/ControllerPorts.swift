public import Logging
public import Model

/// Everything a controller works with. All of it is injected, so that tests decide what the host, the repository and
/// the time are.
public struct ControllerPorts: Sendable {
    /// Where desired state comes from.
    public var revisions: any RevisionSource
    /// The host.
    public var backend: any Backend
    /// What we own and did last.
    public var inventory: any Inventory
    /// Users, settings and DNS policy in the database.
    public var projections: any Projections
    /// Secrets and interface keys.
    public var secrets: any SecretSource
    /// Addresses of endpoint names.
    public var names: any NameResolver
    /// The digest of plans and changes.
    public var digest: any Digest
    /// Civil time: expiry, conditions, events.
    public var clock: any WallClock
    /// Time that never jumps: durations, backoff.
    public var uptime: any UptimeClock
    /// The lock of a pass.
    public var lock: any PassLock
    /// Where the DNS forwarder answers; nil: another process runs it, or nobody does.
    public var listeners: (any ForwarderListeners)?
    /// What keeps this process from observing what the settings want, each with what to do about it, and without any time;
    /// nil: another process observes, or nobody does.
    public var hindrances: (@Sendable () async -> [String])?
    /// What the host shows of other programs that write what is ours; nil: nothing is asked for.
    public var clues: (any WriterClues)?
    /// What the loop and its passes get done.
    public var progress = LoopProgress()
    /// What makes changes revocable; nil: no change ever waits for a confirmation.
    public var checkpoints: CheckpointPorts?
    /// Looks for the ways to this host and from it that changes must not cut. Asked only where a plan changes something;
    /// nil: nobody watches them.
    public var paths: (@Sendable () async -> WatchedPaths)?
    /// The firewall programs of the host in whose chains our traffic is let pass.
    public var integrations: Set<FirewallIntegration> = []
    /// Where the controller logs; each pass adds its id.
    public var logger: Logger
    /// Makes the id of a pass.
    public var passID: @Sendable () -> String
    /// A number in 0..<1 for jitter.
    public var jitter: @Sendable () -> Double

    /// Ports with random pass ids and jitter.
    public init(
        revisions: any RevisionSource, backend: any Backend, inventory: any Inventory,
        projections: any Projections, secrets: any SecretSource,
        names: any NameResolver, digest: any Digest, clock: any WallClock, uptime: any UptimeClock = SystemUptime(),
        lock: any PassLock = NoPassLock(), logger: Logger
    ) {
        self.revisions = revisions
        self.backend = backend
        self.inventory = inventory
        self.projections = projections
        self.secrets = secrets
        self.names = names
        self.digest = digest
        self.clock = clock
        self.uptime = uptime
        self.lock = lock
        self.logger = logger
        passID = { String(UInt32.random(in: 0x1000_0000...UInt32.max), radix: 16) }
        jitter = { Double.random(in: 0..<1) }
    }
}
