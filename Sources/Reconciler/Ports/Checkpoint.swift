public import Model

/// A change that is in force only until its window ends, unless somebody confirms it.
public struct Checkpoint: Sendable, Hashable {
    /// How far it is.
    public enum State: String, Sendable, Hashable {
        /// The change is being made.
        case armed
        /// The change was made; a confirmation is waited for.
        case waiting
        /// Somebody confirmed it: it stays.
        case confirmed
        /// The window is over: what was pinned is refused, the host is being restored.
        case rollingBack = "rolling-back"
        /// The host was restored and read back.
        case rolledBack = "rolled-back"
        /// The host could not be restored; every pass tries again.
        case failed

        /// Whether a confirmation is still possible.
        public var isOpen: Bool { self == .armed || self == .waiting }

        /// Whether the host is still to be restored.
        public var isRestoring: Bool { self == .rollingBack || self == .failed }
    }

    /// Names it.
    public var id: String
    /// The revision that was tried.
    public var tried: String
    /// The revision that is restored: the last one in force that nobody had to confirm any more.
    public var confirmed: String
    /// How far it is.
    public var state: State
    /// When it began.
    public var begunAt: Timestamp
    /// How long a confirmation is waited for, in milliseconds, from the end of the change.
    public var window: Int64
    /// When the window ends, in civil time: for people only.
    public var deadline: Timestamp
    /// When the window ends, in milliseconds since the host started, suspended time included. No clock moves it.
    public var deadlineUptime: Int64
    /// When the change had been made, likewise; nil while it is being made.
    public var appliedUptime: Int64?
    /// The boot that these times are of. Another one ends the window.
    public var bootID: String
    /// Who confirmed it, or why the host could not be restored; empty when there is nothing to say.
    public var message: String
    /// Whether a change of it may lock somebody out: then probes are necessary, but confirm nothing by themselves.
    public var mayLockOut = true
    /// What has to answer before it can be confirmed.
    public var probes: [CheckpointProbe] = []

    /// A checkpoint that was just begun.
    public init(
        id: String, tried: String, confirmed: String, begunAt: Timestamp, window: Int64, uptime: Int64, bootID: String
    ) {
        self.id = id
        self.tried = tried
        self.confirmed = confirmed
        state = .armed
        self.begunAt = begunAt
        self.window = window
        deadline = begunAt.advanced(bySeconds: (window + 999) / 1000)
        deadlineUptime = uptime + window
        appliedUptime = nil
        self.bootID = bootID
        message = ""
    }

    /// Whether the window is over: its time ran out, or the host was started again meanwhile.
    public func isOver(uptime: Int64, bootID: String) -> Bool { bootID != self.bootID || uptime >= deadlineUptime }
}

/// A probe of a change on trial.
public struct CheckpointProbe: Sendable, Hashable, CustomStringConvertible {
    /// How far it is.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// It has not succeeded since the change was made.
        case waiting
        /// It has.
        case good
        /// It failed already before the change: nothing depends on it.
        case notCounted = "not-counted"
        /// It failed once more after the change was undone.
        case failing
    }

    /// What is asked.
    public var probe: Settings.Probe
    /// How far it is.
    public var state: State
    /// Why it failed last; empty: it did not, or was not run yet.
    public var message: String

    /// A probe.
    public init(_ probe: Settings.Probe, _ state: State = .waiting, message: String = "") {
        self.probe = probe
        self.state = state
        self.message = message
    }

    /// `tcp 198.51.100.7:443 (connection refused)`.
    public var description: String { message.isEmpty ? probe.description : "\(probe) (\(message))" }
}

extension Checkpoint {
    /// The probes that have not succeeded since the change.
    public var waitingProbes: [CheckpointProbe] { probes.filter { $0.state == .waiting } }

    /// Those that did not fail before the change already.
    public var countedProbes: [CheckpointProbe] { probes.filter { $0.state != .notCounted } }

    /// Whether it is confirmed as soon as no probe waits any more.
    public var isConfirmedByProbes: Bool { !mayLockOut && !countedProbes.isEmpty }

    /// Why nobody can confirm it yet; nil: no probe stands against it.
    public var objection: String? {
        let waiting = waitingProbes
        guard !waiting.isEmpty else { return nil }
        let names = waiting.map(\.description).joined(separator: "; ")
        return "what has to answer has not answered since the change: \(names)"
    }
}

/// Something a checkpoint undoes. After a rollback a revision that still contains it is refused.
public struct Pin: Sendable, Hashable {
    /// The digest of the change.
    public var digest: String
    /// The object, as ``AppliedRecord`` names it.
    public var object: ObjectID
    /// What the desired object was recorded as; nil when the change deleted it.
    public var record: String?
    /// `field=value` of every field that the change set, without secrets.
    public var fields: Set<String>
    /// The checkpoint it belongs to.
    public var checkpoint: String

    /// A pin.
    public init(digest: String, object: ObjectID, record: String?, fields: Set<String>, checkpoint: String) {
        self.digest = digest
        self.object = object
        self.record = record
        self.fields = fields
        self.checkpoint = checkpoint
    }
}
