import Model
import Synchronization

@testable import Reconciler

/// Checkpoints in the inventory of a fake gateway; pins and peers that stay out count by the state, as in the database.
final class FakeCheckpoints: CheckpointStore, RevisionKeeper, Watchdog {
    struct State {
        var pins: [Pin] = []
        var out: Set<PeerID> = []
        var spent: Set<String> = []
        var kept: [String: DesiredRevision] = [:]
        var isWatching = false
        var cannotStart = false
        var started: [String] = []
        var keepFailure: String?
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let state = Mutex(State())
    let inventory: FakeInventory

    init(_ inventory: FakeInventory) {
        self.inventory = inventory
    }

    /// A revision that the keeper knows from now on.
    func know(_ catalog: Catalog, id: String) {
        state.withLock { $0.kept[id] = DesiredRevision(id: id, catalog: catalog) }
    }

    private func change(_ what: String, _ body: (inout Checkpoint?, inout State) -> Void) throws {
        if inventory.state.fate.isDead { throw Killed() }
        if inventory.state.isFull { throw FakeInventory.Full() }
        // The write counts when it is done: the process may die right after it.
        let now = state.withLock { own -> (Checkpoint?, [Pin], Set<PeerID>) in
            var row = inventory.current.checkpoint
            body(&row, &own)
            let isPinned = row.map { $0.state.isRestoring || $0.state == .rolledBack } ?? false
            return (row, isPinned ? own.pins : [], own.out)
        }
        inventory.edit { ($0.checkpoint, $0.pins, $0.keptOut) = now }
        try inventory.state.attempt(.write("checkpoint \(what)"))
    }

    func begin(_ checkpoint: Checkpoint, pins: [Pin], out: Set<PeerID>, spent: Set<String>) async throws {
        try change("begin") { row, own in
            row = checkpoint
            (own.pins, own.out, own.spent) = (pins, out, spent)
        }
    }
    func extend(_ id: String, pins: [Pin], out: Set<PeerID>, mayLockOut: Bool) async throws {
        try change("extend") { row, own in
            own.pins += pins
            own.out.formUnion(out)
            if mayLockOut { row?.mayLockOut = true }
        }
    }
    func abandon(_ id: String) async throws {
        try change("abandon") { row, own in
            row = nil
            (own.pins, own.out) = ([], [])
        }
    }
    func checkpoint(_ id: String) async throws -> Checkpoint? { inventory.current.checkpoint }
    func beginWindow(
        _ id: String, deadline: Timestamp, deadlineUptime: Int64, appliedUptime: Int64
    ) async throws -> Bool {
        guard inventory.current.checkpoint?.state == .armed else { return false }
        try change("window") { row, _ in
            row?.state = .waiting
            row?.deadlineUptime = deadlineUptime
            row?.appliedUptime = appliedUptime
        }
        return true
    }
    func record(_ probe: CheckpointProbe, of id: String, in state: Checkpoint.State) async throws {
        try change("probe") { row, _ in
            guard row?.id == id, row?.state == state,
                let index = row?.probes.firstIndex(where: { $0.probe.asks(as: probe.probe) }),
                let old = row?.probes[index].state, old != .notCounted, old != .good || state != .waiting
            else { return }
            row?.probes[index] = probe
        }
    }
    func confirm(_ id: String, by author: String, despiteProbes: Bool = false) async throws -> Bool {
        guard let tried = inventory.current.checkpoint, tried.state == .waiting,
            despiteProbes || tried.waitingProbes.isEmpty
        else { return false }
        try change("confirm") { row, own in
            row?.state = .confirmed
            row?.message = author
            (own.pins, own.out) = ([], [])
        }
        try await recordConfirmed(tried.tried)
        return true
    }
    func beginRollback(_ id: String) async throws -> Bool {
        guard inventory.current.checkpoint?.state.isOpen == true else { return false }
        try change("roll back") { row, _ in row?.state = .rollingBack }
        let spent = state.withLock { $0.spent }
        inventory.edit { $0.approvals.subtract(spent) }
        return true
    }
    func finish(_ id: String, _ state: Checkpoint.State, message: String) async throws {
        try change("finish") { row, _ in
            row?.state = state
            row?.message = message
        }
    }
    func recordConfirmed(_ revision: String) async throws {
        if inventory.state.fate.isDead { throw Killed() }
        if inventory.state.isFull { throw FakeInventory.Full() }
        inventory.edit { $0.confirmed = revision }
        try inventory.state.attempt(.write("confirmed \(revision)"))
    }
    func dropPins() async throws {
        try change("drop pins") { _, own in (own.pins, own.out) = ([], []) }
    }

    func keep(_ revision: String, now: Timestamp) async throws {}
    func forget(except revisions: Set<String>) async throws {}
    func protect(_ revision: String) async throws {}
    func kept(_ revision: String, now: Timestamp) async throws -> DesiredRevision? {
        try state.withLock { own in
            if let why = own.keepFailure { throw Failure(description: why) }
            return own.kept[revision]
        }
    }

    func start(_ checkpoint: Checkpoint) async throws {
        try state.withLock { own in
            if own.cannotStart { throw Failure(description: "fork: no memory") }
            own.started.append(checkpoint.id)
            own.isWatching = true
        }
    }
    func isWatching() async -> Bool { state.withLock { $0.isWatching } }
}
