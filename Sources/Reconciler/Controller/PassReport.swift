public import Model

/// What a pass, or a preview of one, saw and did. Everything people read about it is rendered from this value.
public struct PassReport: Sendable {
    /// The id of the pass; every log line and event of it carries it.
    public var pass: String
    /// The how-manieth pass of this process it is, counted when it begins to look; 0 for a preview. See
    /// ``Controller/passesBegun``.
    public var number = 0
    /// What caused it.
    public var trigger: String
    /// Whether nothing was to be changed.
    public var isPreview: Bool
    /// Whether everything of ours was to go.
    public var isTeardown = false
    /// When it began.
    public var startedAt: Timestamp
    /// The head of the repository, as far as it could be read.
    public var revision: RevisionInfo?
    /// Why the head can't be used; the last good revision stays in force.
    public var revisionFailure: RevisionFailure?
    /// The revision that is enforced: the head's, or the last good one; nil when there is none.
    public var inForce: String?
    /// What was planned.
    public var plan: Plan
    /// What became of each change of the plan, by index.
    public var outcomes: [Outcome]
    /// What still differed when the host was read again.
    public var remaining: [Change]
    /// What was done for the last good revision while a rail refuses the head.
    public var healing: Healing?
    /// Whether the plan is another one than was reviewed. Nothing but revocations was done.
    public var isStale = false
    /// Expiries that a jump of the clock would enforce all at once, held until approved.
    public var clockRefusal: RailRefusal?
    /// The checkpoint whose window is open, or that was or is to be rolled back; nil: none concerns this pass.
    public var checkpoint: Checkpoint?
    /// Whether this pass began the checkpoint.
    public var hasBegunCheckpoint = false
    /// The revision whose confirmation the head waits for.
    public var waitsFor: String?
    /// That the change windows of the revision in force are closed; nil: they are open, or it has none.
    public var window: ClosedWindow?
    /// How the host was restored in this pass, before anything else.
    public var restoration: Restoration?
    /// Why a change that needs a checkpoint was not made.
    public var checkpointFailure: String?
    /// Why a change that should have had a checkpoint was made without one.
    public var unprotected: String?
    /// The suspension in force.
    public var suspension: Suspension?
    /// What failed in this pass, or failed before and waits for another try.
    public var failing: [ObjectID: FailingObject] = [:]
    /// Objects that are healed again and again, and who may undo it.
    public var flapping: [ObjectID: String] = [:]
    /// Endpoint names without an address, by peer.
    public var unresolved: [ObjectID: String] = [:]
    /// Where the DNS forwarder answers; nil: it is not this process that runs it.
    public var listeners: [ForwarderListener]?
    /// What the plan follows from where no host was looked at; nil: one was.
    public var simulation: SimulationInfo?
    /// What keeps this process from observing what the settings want.
    public var hindrances: [String] = []
    /// Why the inventory could not be written; what was done to the host stands.
    public var storeFailure: String?
    /// The host as it was read last.
    public var observed: ObservedState
    /// The declared peers with their stable identifiers.
    public var peers: [PeerID: KnownPeer] = [:]
    /// Where the objects of the plan are declared; only a preview knows.
    public var locations: [ObjectID: SourceLocation] = [:]
    /// The findings that the revision says are known.
    public var acknowledgements: [Acknowledgement] = []
    /// The conditions after the pass.
    public var conditions: [Condition] = []
    /// The time each part took.
    public var durations = PassDurations()
    /// The number of operations that were performed on the host.
    public var writes = 0
    /// When the loop should try failed changes again; nil = no failure. In terms of the uptime clock.
    public var retryAt: Duration?
    /// When a block or a suspension ends next, or a change window opens for what waits.
    public var nextEnd: Timestamp?

    /// The outcome of healing the last good revision.
    public struct Healing: Sendable {
        /// What was planned.
        public var plan: Plan
        /// What became of each change.
        public var outcomes: [Outcome]
        /// What still differed afterwards.
        public var remaining: [Change]
    }

    /// How restoring the confirmed revision went.
    public struct Restoration: Sendable {
        /// What was planned.
        public var plan: Plan
        /// What became of each change.
        public var outcomes: [Outcome]
        /// Why the host is not as it was; nil: it is, and was read back.
        public var failure: String?
        /// What was rolled back, with its probes as they were then.
        public var checkpoint: Checkpoint?
        /// The probes that fail though the host was restored. That does not make restoring it a failure.
        public var failingProbes: [CheckpointProbe] = []
    }

    /// The changes with their outcomes.
    public var results: [(change: Change, outcome: Outcome)] {
        zip(plan.changes, outcomes).map { (change: $0, outcome: $1) }
    }
}

/// What became of one change.
public enum Outcome: Sendable, Hashable {
    /// Only planned: a preview.
    case planned
    /// Done, and read back.
    case done
    /// Tried, and not as wanted afterwards.
    case failed(message: String, isTerminal: Bool)
    /// Not tried, because something it depends on failed.
    case notTried(because: String)
    /// Left alone on purpose.
    case held(because: String)
}

/// An object whose change failed and was not done since.
public struct FailingObject: Sendable, Hashable {
    /// What was tried, and what the host said.
    public var message: String
    /// Whether trying again without any change of input or kernel can't help.
    public var isTerminal: Bool
}

/// The head of the repository.
public struct RevisionInfo: Sendable, Hashable {
    /// A commit id or digest.
    public var id: String
    /// What kind of place it comes from.
    public var origin: String
    /// Whether there are uncommitted edits, which are not applied.
    public var isDirty: Bool
    /// Warnings of validation.
    public var warnings: [String]
    /// What is wrong between the repository and its remote.
    public var obstacle: RevisionObstacle?

    /// The description of a revision.
    public init(_ revision: DesiredRevision) {
        id = revision.id
        origin = revision.origin
        isDirty = revision.isDirty
        warnings = revision.warnings
        obstacle = revision.obstacle
    }
}

/// How long the parts of a pass took.
public struct PassDurations: Sendable, Hashable {
    /// Reading the revision, the inventory and secrets.
    public var load: Duration = .zero
    /// Reading the host.
    public var observe: Duration = .zero
    /// Compiling and planning.
    public var plan: Duration = .zero
    /// Changing the host.
    public var apply: Duration = .zero
    /// The part of `apply` that went into WireGuard devices and peers.
    public var wireGuard: Duration = .zero
    /// The part of `apply` that went into the firewall.
    public var firewall: Duration = .zero
    /// Reading it again and comparing.
    public var verify: Duration = .zero
    /// Writing the inventory.
    public var record: Duration = .zero

    /// Nothing took any time yet.
    public init() {}

    /// The sum.
    public var total: Duration { load + observe + plan + apply + verify + record }

    /// Every figure by the name that logs and JSON use, in the order of a pass.
    public var parts: [(name: String, duration: Duration)] {
        [
            ("load", load), ("observe", observe), ("plan", plan), ("apply", apply), ("wireguard", wireGuard),
            ("firewall", firewall), ("verify", verify), ("record", record), ("total", total),
        ]
    }
}
