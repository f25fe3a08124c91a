import Model

/// How often something may be attempted, and how long is waited after too many. Times are seconds.
struct AttemptPolicy: Sendable {
    /// How many attempts within the window are allowed.
    let limit: Int
    /// The window.
    let window: Int64
    /// How long nothing is looked at after too many: the first time, the second, … Empty: until the window allows it.
    let lockouts: [Int64]
    /// After how long without too many attempts the first lockout comes again.
    let forgiveness: Int64

    /// 5 failures within 15 minutes, then 1, 5, 15 and 60 minutes; forgiven after a day.
    static let login = AttemptPolicy(limit: 5, window: 900, lockouts: [60, 300, 900, 3600], forgiveness: 86_400)
    /// 3 changes within an hour.
    static let password = AttemptPolicy(limit: 3, window: 3600, lockouts: [], forgiveness: 3600)

    /// How many seconds are to be waited before the next attempt; nil: none.
    func wait(_ record: AttemptRecord, at now: Timestamp) -> Int64? {
        if let until = record.lockedUntil, until > now { return until.seconds - now.seconds }
        guard lockouts.isEmpty else { return nil }
        let recent = recent(record, at: now)
        guard recent.count >= limit else { return nil }
        return max(1, recent[recent.count - limit].seconds + window - now.seconds)
    }

    /// The record with one attempt more.
    func adding(to record: AttemptRecord, at now: Timestamp) -> AttemptRecord {
        var record = record
        record.attempts = recent(record, at: now).suffix(limit - 1) + [now]
        guard !lockouts.isEmpty, record.attempts.count >= limit else { return record }
        if let last = record.violatedAt, now.seconds - last.seconds >= forgiveness { record.level = 0 }
        record.lockedUntil = now.advanced(bySeconds: lockouts[min(record.level, lockouts.count - 1)])
        record.level = min(record.level + 1, lockouts.count)
        record.violatedAt = now
        return record
    }

    /// Whether nothing of a record matters any more.
    func isOver(_ record: AttemptRecord, at now: Timestamp) -> Bool {
        recent(record, at: now).isEmpty && (record.lockedUntil.map { $0 <= now } ?? true)
            && (record.violatedAt.map { now.seconds - $0.seconds >= forgiveness } ?? true)
    }

    /// A clock that was set back makes attempts of the future: they count.
    private func recent(_ record: AttemptRecord, at now: Timestamp) -> [Timestamp] {
        record.attempts.filter { now.seconds - $0.seconds < window }
    }
}
