/// What a pass is asked to do.
public struct PassOptions: Sendable {
    /// Who asks.
    public enum Mode: Sendable, Hashable {
        /// The loop: it honours suspension, `drift: report`, backoff and flap protection.
        case loop
        /// A person or another program: it does what its plan shows.
        case explicit
    }

    /// What may be done.
    public enum Scope: Sendable, Hashable {
        /// Everything the plan shows.
        case everything
        /// Only revocations: `wirebuddy revoke`.
        case revocations
        /// Everything of ours goes; keys and database stay: `wirebuddy down`.
        case teardown
    }

    /// What caused the pass, for logs and events: `apply`, `commit`, `interval`.
    public var trigger: String
    /// Who asks.
    public var mode: Mode
    /// What may be done.
    public var scope: Scope
    /// Interfaces whose adoption is consented to.
    public var adopt: Set<String>
    /// Digests of changes or refusals that are consented to, for this pass only.
    public var approvals: Set<String>
    /// The id of the plan that was reviewed; another one is stale and not applied.
    public var expectedPlanID: String?
    /// How long a confirmation of the changes is waited for; zero: it isn't; nil: as the settings say.
    public var confirmWithin: Duration?
    /// Whether this is the watchdog, whose part restoring the host is.
    public var isWatchdog = false
    /// Whether somebody waits a moment for the addresses of endpoint names that nobody asked for before.
    public var waitsForNames = true
    /// How old a look at the host may be that a preview is made of; nil: it looks itself.
    public var maximumAge: Duration?
    /// Reads the desired state from here instead (`plan --worktree`). Only for previews.
    public var source: (any RevisionSource)?

    /// Options without consents.
    public init(trigger: String, mode: Mode = .explicit, scope: Scope = .everything) {
        self.trigger = trigger
        self.mode = mode
        self.scope = scope
        adopt = []
        approvals = []
        expectedPlanID = nil
        source = nil
    }
}
