public import Model

/// What a pass needs to make a change that is undone unless somebody confirms it.
public struct CheckpointPorts: Sendable {
    /// Where checkpoints are recorded.
    public var store: any CheckpointStore
    /// Where revisions that were in force are kept.
    public var keeper: any RevisionKeeper
    /// Who restores the host when the time is over.
    public var watchdog: any Watchdog
    /// Who runs the probes of the settings; nil: nobody does, and no change depends on any.
    public var probes: (any ProbeRunner)?
    /// The time since the host started in milliseconds, suspended time included.
    public var uptime: @Sendable () -> Int64
    /// The present boot.
    public var bootID: String

    /// Ports.
    public init(
        store: any CheckpointStore, keeper: any RevisionKeeper, watchdog: any Watchdog,
        uptime: @escaping @Sendable () -> Int64, bootID: String
    ) {
        self.store = store
        self.keeper = keeper
        self.watchdog = watchdog
        self.uptime = uptime
        self.bootID = bootID
    }
}

/// Checkpoints on disk. Every write is one transaction and on disk when the call returns; a move from one state to the
/// next succeeds for one caller only.
public protocol CheckpointStore: Sendable {
    /// Begins a checkpoint.
    ///
    /// - Parameters:
    ///   - pins: What is pinned if it is rolled back.
    ///   - out: Peers that the tried revision revokes: no restoring brings them back.
    ///   - spent: Consents that are taken back if it is rolled back.
    func begin(_ checkpoint: Checkpoint, pins: [Pin], out: Set<PeerID>, spent: Set<String>) async throws
    /// Adds what later passes do in the window.
    ///
    /// - Parameter mayLockOut: whether one of their changes may lock somebody out, if none before did.
    func extend(_ id: String, pins: [Pin], out: Set<PeerID>, mayLockOut: Bool) async throws
    /// Forgets a checkpoint with everything that belongs to it: nothing came of it.
    func abandon(_ id: String) async throws
    /// The checkpoint as it is now; nil when it was forgotten.
    func checkpoint(_ id: String) async throws -> Checkpoint?
    /// Records that the change was made: the window begins. False when it is over already.
    func beginWindow(
        _ id: String, deadline: Timestamp, deadlineUptime: Int64, appliedUptime: Int64
    ) async throws -> Bool
    /// Confirms what was tried: from now on it is the confirmed revision. False when it is too late, or a probe waits.
    ///
    /// - Parameter despiteProbes: whether probes that wait are overruled.
    func confirm(_ id: String, by author: String, despiteProbes: Bool) async throws -> Bool
    /// Records what came of a probe that counts, unless the checkpoint has left the state that it was run in. One that
    /// succeeded in the window stays so.
    func record(_ probe: CheckpointProbe, of id: String, in state: Checkpoint.State) async throws
    /// Puts the pins in force and takes the spent consents back: the host is to be restored. False when it was confirmed,
    /// or somebody was first.
    func beginRollback(_ id: String) async throws -> Bool
    /// Records how restoring ended: `rolledBack` or `failed`.
    func finish(_ id: String, _ state: Checkpoint.State, message: String) async throws
    /// Records which revision is in force without any window.
    func recordConfirmed(_ revision: String) async throws
    /// Takes all pins that are in force back, and lets the head decide about revoked peers again.
    func dropPins() async throws
}

/// Keeps revisions that were in force so that they can be read when the branch or the files say something else.
public protocol RevisionKeeper: Sendable {
    /// A revision came into force: its files are kept where nothing else keeps them.
    func keep(_ revision: String, now: Timestamp) async throws
    /// Only these revisions are still needed.
    func forget(except revisions: Set<String>) async throws
    /// A revision is about to be left for one that may be rolled back: nothing may take it away.
    func protect(_ revision: String) async throws
    /// A revision as it was when it was kept; nil when it was never kept.
    ///
    /// - Throws: when it was, and can't be read.
    func kept(_ revision: String, now: Timestamp) async throws -> DesiredRevision?
}

/// The process outside of the daemon that restores the host.
public protocol Watchdog: Sendable {
    /// Starts it and returns when it says that it watches.
    ///
    /// - Throws: when it does not say so in time. Nothing may be changed then.
    func start(_ checkpoint: Checkpoint) async throws
    /// Whether one watches in this network namespace.
    func isWatching() async -> Bool
}
