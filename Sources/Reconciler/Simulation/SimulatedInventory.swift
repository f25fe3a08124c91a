import Model
import Synchronization

/// The inventory in memory.
final class SimulatedInventory: Inventory {
    private struct State {
        var snapshot = InventorySnapshot()
        var events: [Event] = []
        var revisions: [RevisionRecord] = []
        var drift: [DriftRecord] = []

        mutating func note(_ record: DriftRecord) {
            snapshot.standingDrift[record.fingerprint] =
                record.healedAt == nil ? StandingDrift(object: record.object, lastSeen: record.lastSeen) : nil
            guard let index = drift.firstIndex(where: { $0.fingerprint == record.fingerprint }) else {
                drift.append(record)
                return
            }
            let known = drift[index]
            drift[index] = record
            drift[index].firstSeen = known.firstSeen
            drift[index].count = known.count + (known.healedAt == nil ? 0 : 1)
            drift[index].writer = record.writer ?? known.writer
        }
    }

    private let state = Mutex(State())
    private let attempt: @Sendable (SimulatedAccess) throws -> Void

    /// An empty inventory.
    ///
    /// - Parameter attempt: is told of each access before it happens; what it throws keeps it from happening.
    init(attempt: @escaping @Sendable (SimulatedAccess) throws -> Void = { _ in }) {
        self.attempt = attempt
    }

    /// What it holds now.
    var contents: InventorySnapshot { state.withLock { $0.snapshot } }
    /// The events, oldest first.
    var events: [Event] { state.withLock { $0.events } }
    /// The revisions, newest first.
    var revisions: [RevisionRecord] { state.withLock { $0.revisions } }

    /// The history of drift, oldest first.
    var drift: [DriftRecord] { state.withLock { $0.drift } }

    /// Changes it without being told of as an access: somebody else's work.
    func edit(_ body: @Sendable (inout InventorySnapshot) -> Void) { state.withLock { body(&$0.snapshot) } }

    private func write(_ what: String, _ body: (inout State) -> Void) throws {
        try attempt(.write(what))
        state.withLock { body(&$0) }
    }

    func snapshot() async throws -> InventorySnapshot {
        try attempt(.read)
        return contents
    }
    func recordIntent(_ interface: OwnedInterface) async throws {
        try write("intent \(interface.name)") { $0.snapshot.interfaces[interface.name] = interface }
    }
    func recordOutcome(_ interface: OwnedInterface) async throws {
        try write("outcome \(interface.name)") { $0.snapshot.interfaces[interface.name] = interface }
    }
    func forgetInterface(_ name: String) async throws {
        try write("forget \(name)") { $0.snapshot.interfaces[name] = nil }
    }
    func recordApplied(_ digests: [ObjectID: String?]) async throws {
        try write("applied \(digests.count)") { state in
            for (object, digest) in digests { state.snapshot.applied[object] = digest }
        }
    }
    func recordFirewall(_ structure: FirewallStructure?) async throws {
        try write("firewall") { $0.snapshot.firewall = structure }
    }
    func recordSysctl(_ sysctl: Sysctl, _ ownership: SysctlOwnership?) async throws {
        try write("sysctl \(sysctl)") { $0.snapshot.sysctls[sysctl] = ownership }
    }
    func rememberEndpoints(_ endpoints: [PeerID: SocketAddress]) async throws {
        try write("endpoints \(endpoints.count)") { $0.snapshot.endpoints.merge(endpoints) { $1 } }
    }
    func recordPeers(_ peers: [PeerID: KnownPeer?], released: [TunnelAddress: Timestamp?]) async throws {
        try write("peers \(peers.count), released \(released.count)") { state in
            for (id, peer) in peers { state.snapshot.peers[id] = peer }
            for (address, at) in released { state.snapshot.released[address] = at }
        }
    }
    func recordExpired(_ peers: [PeerID: Timestamp]) async throws {
        try write("expired \(peers.count)") { $0.snapshot.expired.merge(peers) { $1 } }
    }
    func revoke(_ revocation: Revocation) async throws {
        try write("revoke") { $0.snapshot.revocations.append(revocation) }
    }
    func unrevoke(_ key: PublicKey) async throws {
        try write("unrevoke") { $0.snapshot.revocations.removeAll { $0.publicKey == key } }
    }
    func approve(_ digest: String, at: Timestamp) async throws {
        try write("approve") { $0.snapshot.approvals.insert(digest) }
    }
    func withdraw(_ approvals: Set<String>) async throws {
        try write("withdraw \(approvals.count)") { $0.snapshot.approvals.subtract(approvals) }
    }
    func setSuspension(_ suspension: Suspension?) async throws {
        try write("suspension") { $0.snapshot.suspension = suspension }
    }
    func recordRevision(_ record: RevisionRecord) async throws {
        try write("revision \(record.id) \(record.status.rawValue)") { state in
            state.revisions.insert(record, at: 0)
            if record.status == .applied { state.snapshot.lastApplied = record }
        }
    }
    func recordConditions(_ conditions: [Condition]) async throws {
        try write("conditions \(conditions.count)") { $0.snapshot.conditions = conditions }
    }
    func recordDrift(_ update: DriftUpdate) async throws {
        try write("drift \(update.seen.count), gone \(update.gone.count)") { state in
            for record in update.seen { state.note(record) }
            for (fingerprint, healing) in update.gone {
                state.snapshot.standingDrift[fingerprint] = nil
                guard let index = state.drift.firstIndex(where: { $0.fingerprint == fingerprint }) else { continue }
                (state.drift[index].healedAt, state.drift[index].healing) = (update.at, healing)
            }
        }
    }
    func driftHistory(_ filter: DriftFilter) async throws -> DriftHistory {
        let drift = drift
        return DriftHistory(records: Array(drift.dropFirst(filter.offset).prefix(filter.limit)), total: drift.count)
    }
    func appendEvents(_ events: [Event]) async throws {
        try write("events \(events.count)") { $0.events += events }
    }
    func events(limit: Int) async throws -> [Event] { Array(events.reversed().prefix(limit)) }
    func revisions(limit: Int) async throws -> [RevisionRecord] { Array(revisions.prefix(limit)) }
    func recordLastPass(_ at: Timestamp) async throws { try write("last pass") { $0.snapshot.lastPass = at } }
}
