import Model

/// What a pass works towards.
struct Target {
    /// Where it comes from.
    enum Kind {
        /// The head of the repository.
        case head
        /// The last good revision, because the head can't be used.
        case lastGood
        /// Nothing of ours.
        case teardown
        /// Unknown: no revision can be used and none is remembered.
        case none
    }

    let kind: Kind
    let revision: String
    let catalog: Catalog
    let index: CatalogIndex
    let origin: RevisionInfo?
    /// Whether the id names the content, so that what was compiled for it may be used again; not so for a worktree.
    var isImmutable = true

    init(_ kind: Kind, revision: String, catalog: Catalog, index: CatalogIndex, origin: RevisionInfo? = nil) {
        self.kind = kind
        self.revision = revision
        self.catalog = catalog
        self.index = index
        self.origin = origin
    }

    /// No interface, no peer.
    static func empty(_ kind: Kind, revision: String) -> Target {
        Target(kind, revision: revision, catalog: .empty, index: CatalogIndex(.empty))
    }
}

/// Everything a plan is made of, and the plan.
struct Look {
    var target: Target
    var snapshot: InventorySnapshot
    var observed: ObservedState
    var desired: DesiredState
    /// Grows with each compilation: equal generations mean equal desired states.
    var generation: Int
    /// The instant expiry is judged at.
    var now: Timestamp
    var plan: Plan
    /// While the head waits for a change window: the peers that are not healed, since somebody removed them by name.
    var heldRemovals: Set<PeerID>?
}

extension Plan {
    /// A plan of nothing.
    static func empty(revision: String, at: Timestamp) -> Plan {
        Plan(
            id: "", revision: revision, observedAt: at, changes: [], steps: [], refusals: [], problems: [], unmet: [],
            notes: [])
    }

    /// The peers that it revokes.
    var revocations: Set<PeerID> {
        Set(
            changes.lazy.filter { $0.isRevocation && $0.action == .delete }.compactMap { change in
                change.publicKey.map { PeerID(interface: change.object.interfaceName, publicKey: $0) }
            })
    }

    /// The plan without anything but its revocations.
    func revocationsOnly() -> Plan {
        var plan = self
        var position: [Int: Int] = [:]
        plan.changes = []
        for (index, change) in changes.enumerated() where change.isRevocation {
            position[index] = plan.changes.count
            plan.changes.append(change)
        }
        plan.steps = steps.filter { $0.phase == .revocations }.map { step in
            var step = step
            step.changes = step.changes.compactMap { position[$0] }
            return step
        }
        plan.refusals = []
        plan.problems = []
        plan.unmet = []
        plan.notes = []
        return plan
    }
}
