import Credentials
public import Model
public import Reconciler

/// When receivers got their summary last, kept over restarts.
public protocol SummaryStore: Sendable {
    /// When this receiver was sent its last one; nil: it is new.
    func lastSummary(of receiver: String) async throws -> Timestamp?
    /// Records that a receiver is sent one. It is on disk when the call returns.
    func recordSummary(of receiver: String, at: Timestamp) async throws
}

/// Sends the summaries of the day: each receiver that wants one gets it at its time, once, and after a restart the one
/// that fell into it.
public actor SummaryTeller {
    private let inventory: any Inventory
    private let store: any SummaryStore
    private let notifier: Notifier
    private let clock: any WallClock
    /// What the store is known to hold.
    private var last: [String: Timestamp] = [:]

    /// A teller that has told nothing yet.
    public init(_ inventory: any Inventory, _ store: any SummaryStore, _ notifier: Notifier, clock: any WallClock) {
        self.inventory = inventory
        self.store = store
        self.notifier = notifier
        self.clock = clock
    }

    /// Sends what is due. It is called after each pass, and does nothing in nearly all of them.
    ///
    /// - Throws: what the inventory throws.
    public func tell(_ settings: Settings, after report: PassReport) async throws {
        let now = clock.now()
        for receiver in settings.notifications where receiver.wants(.summary) {
            let name = Self.name(of: receiver)
            guard let last = try await last(name, now) else { continue }
            let due = receiver.at.last(before: now)
            guard last < due else { continue }
            let summary = try await DailySummary(of: inventory, since: last, at: now)
            // Written down before: a message that is lost with the process is better than the same one every time it starts.
            try await store.recordSummary(of: name, at: now)
            self.last[name] = now
            if receiver.always || !summary.isEmpty { await notifier.note(summary.message(report), to: receiver) }
        }
    }

    /// When a receiver was told last; nil where it is new, and hears of the time from now on.
    private func last(_ name: String, _ now: Timestamp) async throws -> Timestamp? {
        if let known = last[name] { return known }
        if let stored = try await store.lastSummary(of: name) {
            last[name] = stored
            return stored
        }
        try await store.recordSummary(of: name, at: now)
        last[name] = now
        return nil
    }

    /// The receiver without its address, which may hold a token.
    private static func name(of receiver: Settings.Notification) -> String {
        let parts = [receiver.url] + receiver.kinds.map(\.rawValue)
        return BLAKE2b256().digest(JSONValue.array(parts.map(JSONValue.string)).compactBytes()).short
    }
}
