public import Model

/// The reconciler: each pass reads the whole desired and the whole observed state, plans, applies, verifies by reading
/// again, and records what it found. One pass runs at a time.
public actor Controller {
    let ports: ControllerPorts
    let planner: Planner
    let gate = PassGate()
    let latest = LatestView()
    let begun = PassCount()
    let heads = LastHead()
    nonisolated let probing: TrialProbing

    var head: Target?
    var lastGood: Target?
    /// The peers that a head revoked, or that were removed by name, while it could not come into force: what is healed from the
    /// last good revision does not bring them back.
    var takenAway: Set<PeerID> = []
    var secrets = SecretCache()
    var cache = DesiredCache()
    var endpoints = EndpointMemory()
    var clockGuard = ClockGuard()
    var flaps = FlapGuard()
    var retries = RetryLedger()
    var standing = StandingEvents()
    /// What the retry ledger was filled under; anything else empties it.
    var retryBasis: RetryBasis?
    /// What the inventory is known to hold the records of.
    var recorded: RecordedState?
    var lastRecord: RevisionRecord?
    var advertisingLinks: Set<String> = []
    /// Links with our mark that neither the inventory nor a manifest names, as they were seen last.
    var orphans: Set<String> = []
    /// The newest look at the host.
    var recentLook: RecentLook?
    var flushedAt: Duration?
    /// The newest checkpoint as this controller knows it.
    var followed: Checkpoint?
    /// The confirmed revision as the database had it when this controller looked or wrote last.
    var knownConfirmed: String?
    /// The revision in force, whose windows decide about the head, where it is not the last good one of this process.
    var inForce: Target?
    /// What the last pass found and could not record; nil when the inventory has it.
    var unrecordedConditions: [Condition]?
    /// How many passes in a row could not write to the inventory.
    var storeFailures = 0

    /// A controller; nothing is read or written before the first pass.
    public init(_ ports: ControllerPorts) {
        self.ports = ports
        planner = Planner(digest: ports.digest)
        probing = TrialProbing(ports)
    }

    /// What the last pass saw and did, for readers; nil before the first one. Never waits for a running pass.
    public nonisolated var view: GatewayView? { latest.value }

    /// How many passes began to look. A pass with a greater ``PassReport/number`` reads the head, the host and the inventory
    /// after this was asked.
    public nonisolated var passesBegun: Int { begun.value }

    /// The head that a pass read last, also one that is still running; nil while none was, or it could not be used.
    public nonisolated var lastHead: String? { heads.value }

    /// Whether a pass, a preview or a look is running.
    public nonisolated var isBusy: Bool { gate.isBusy }

    /// Shows what a pass would do. Writes nothing anywhere: a key that is still to be generated stays so.
    ///
    /// - Throws: when host or inventory can't be read at all.
    public func preview(_ options: PassOptions) async throws -> PassReport {
        await gate.enter()
        defer { gate.leave() }
        return try await makePreview(options)
    }

    /// Does one pass under the lock. When its task is cancelled, no further step begins; what was done is still read back
    /// and recorded.
    ///
    /// - Throws: ``LockFailure``, or when host or inventory can't be read at all. Nothing was changed then.
    public func pass(_ options: PassOptions) async throws -> PassReport {
        var report = try await lockedPass(options)
        await probe(after: &report)
        return report
    }

    private func lockedPass(_ options: PassOptions) async throws -> PassReport {
        await gate.enter()
        defer { gate.leave() }
        return try await ports.lock.withPassLock {
            let interruption = Interruption()
            // A task of its own, so that cancellation reaches the steps and not the database or the read-back.
            let pass = Task { try await makePass(options, interruption) }
            return try await withTaskCancellationHandler {
                try await pass.value
            } onCancel: {
                interruption.request()
            }
        }
    }

    /// Writes what is kept in memory between passes: endpoints of live peers and the time of the last pass.
    ///
    /// - Throws: when the inventory can't be written; what was to be written is kept for the next try.
    public func flush() async throws {
        let unsaved = endpoints.takeUnsaved()
        do {
            if !unsaved.isEmpty { try await ports.inventory.rememberEndpoints(unsaved) }
            if let view = latest.value { try await ports.inventory.recordLastPass(view.report.startedAt) }
            flushedAt = ports.uptime.uptime()
        } catch {
            endpoints.putBack(unsaved)
            throw error
        }
    }
}

/// What readers see of the gateway: one immutable value per look.
public struct GatewayView: Sendable {
    /// What the last pass saw and did; its `observed` is the newest look at the host.
    public var report: PassReport
    /// The declared state that is enforced; nil when there is none.
    public var catalog: Catalog?
    /// The time between passes without a trigger.
    public var interval: Duration
    /// When something expires next, a block or suspension ends, or a change window opens for what waits.
    public var nextInstant: Timestamp?
    /// When the host was looked at, by the controller's uptime clock.
    public var lookedAt: Duration
    /// Greater than that of every view before: what was made of a view of this number needn't be made again.
    public var number: Int

    /// The users as the database held them when the last pass ended, in ``Model/ProjectedUser/order(_:_:)``.
    public var users: [ProjectedUser] { report.observed.projections.users }

    /// The policy of the DNS forwarder as the database held it when the last pass ended.
    public var dns: ProjectedDNS { report.observed.projections.dns }
}

/// What failures depend on: when it changes, everything is worth another try.
struct RetryBasis: Equatable {
    var revision: String
    var kernelWireGuard: Bool
    var unreadable: [UnreadablePart]
}
