import Model

/// Who attempted what how often: in memory, and written through so that a restart forgives nothing.
///
/// An attempt counts before its outcome is known, so that many at once are no way around the limit.
actor AttemptLedger {
    /// How many keys are remembered; beyond that those go whose last attempt is oldest.
    static let capacity = 10_000

    private let policy: AttemptPolicy
    private let what: String
    private let store: any AccountStore
    private var records: [AttemptKey: AttemptRecord]?

    init(_ what: String, policy: AttemptPolicy, store: any AccountStore) {
        self.what = what
        self.policy = policy
        self.store = store
    }

    /// An attempt that was counted.
    struct Attempt: Sendable {
        let key: AttemptKey
        let before: AttemptRecord
    }

    /// Counts an attempt, or says how many seconds are to be waited first.
    ///
    /// - Throws: when the store can't be used: what can't be counted isn't allowed.
    func begin(subject: String, address: String = "", at now: Timestamp) async throws -> Result<Attempt, Wait> {
        if records == nil { try await load(now) }
        let key = AttemptKey(what: what, subject: subject, address: address)
        let before = records?[key] ?? AttemptRecord()
        if let seconds = policy.wait(before, at: now) { return .failure(Wait(seconds: seconds)) }
        let after = policy.adding(to: before, at: now)
        records?[key] = after
        var changes: [AttemptKey: AttemptRecord?] = [key: after]
        for old in overflow(at: now) {
            records?[old] = nil
            changes[old] = .some(nil)
        }
        try await store.recordAttempts(changes)
        return .success(Attempt(key: key, before: before))
    }

    /// Takes back what an attempt added, because it succeeded: earlier failures are forgiven, earlier lockouts are not.
    func succeed(_ attempt: Attempt, at now: Timestamp) async throws {
        var record = attempt.before
        record.attempts = []
        record.lockedUntil = nil
        let isOver = policy.isOver(record, at: now)
        records?[attempt.key] = isOver ? nil : record
        try await store.recordAttempts([attempt.key: isOver ? nil : record])
    }

    private func load(_ now: Timestamp) async throws {
        let stored = try await store.attempts().filter { $0.key.what == what }
        // Somebody else may have loaded them meanwhile, and counted since.
        guard records == nil else { return }
        let over = stored.filter { policy.isOver($0.value, at: now) }
        records = stored.filter { over[$0.key] == nil }
        try await store.recordAttempts(over.mapValues { _ in nil })
    }

    private func overflow(at now: Timestamp) -> [AttemptKey] {
        guard let known = records, known.count > Self.capacity else { return [] }
        let over = known.filter { policy.isOver($0.value, at: now) }.map(\.key)
        if !over.isEmpty { return over }
        let oldest = known.min { ($0.value.attempts.last?.seconds ?? 0) < ($1.value.attempts.last?.seconds ?? 0) }
        return oldest.map { [$0.key] } ?? []
    }

    /// How long is to be waited.
    struct Wait: Error, Sendable, Hashable {
        let seconds: Int64
    }
}
