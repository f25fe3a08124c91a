public import DNSPolicy
public import Model

/// All that the forwarder serves by. Immutable: a new revision, pause or list makes a new one.
public struct ForwarderConfiguration: Sendable {
    /// Who may ask, and what is decided.
    public var policy: Policy
    /// For whom filtering is paused.
    public var pause: FilteringPause
    /// The settings of the repository.
    public var settings: DNSSettings
    /// The names of the peers.
    public var local: LocalNames
    /// Where queries are taken.
    public var listen: Set<ListenAddress>
    /// The peers, as `interface/name`, whose queries are not logged.
    public var unlogged: Set<String>

    /// A configuration of these parts.
    public init(
        policy: Policy, pause: FilteringPause, settings: DNSSettings, local: LocalNames, listen: Set<ListenAddress>,
        unlogged: Set<String>
    ) {
        self.policy = policy
        self.pause = pause
        self.settings = settings
        self.local = local
        self.listen = listen
        self.unlogged = unlogged
    }
}
