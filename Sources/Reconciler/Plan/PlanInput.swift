public import Model

/// Everything a plan follows from.
public struct PlanInput: Sendable {
    /// The revision's id.
    public var revision: String
    /// What should be.
    public var desired: DesiredState
    /// What is.
    public var observed: ObservedState
    /// What is ours and what we did last.
    public var inventory: InventorySnapshot
    /// The limits of deletes.
    public var limits: Settings.Reconcile
    /// Interfaces whose adoption was consented to on the command line.
    public var adopt: Set<String>
    /// Digests consented to for this plan only, besides the inventory's.
    public var approvals: Set<String>
    /// Digests that `Approval` documents of the revision itself consent to.
    public var documented: Set<String>
    /// Whether nothing of ours is meant to stay (`down`): deletes are consented to.
    public var isTeardown: Bool
    /// The instant liveness is judged at.
    public var now: Timestamp

    /// An input without consents.
    public init(
        revision: String, desired: DesiredState, observed: ObservedState, inventory: InventorySnapshot,
        limits: Settings.Reconcile, now: Timestamp
    ) {
        self.revision = revision
        self.desired = desired
        self.observed = observed
        self.inventory = inventory
        self.limits = limits
        self.now = now
        adopt = []
        approvals = []
        documented = []
        isTeardown = false
    }
}
