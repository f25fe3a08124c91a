import Model

/// What failed, and when it is worth another try.
struct RetryLedger {
    private struct Entry {
        var failures: Int
        var isTerminal: Bool
        var message: String
        var digest: String
        var next: Duration
    }

    private var entries: [ChangeKey: Entry] = [:]

    private static let first = 1.0
    private static let longest = 60.0
    /// A terminal failure is tried again this late: what the kernel can do may change without a sign.
    private static let terminal: Duration = .seconds(300)

    /// Forgets all failures: input or kernel changed.
    mutating func reset() { entries = [:] }

    /// Why a change is left for later, or nil.
    func hold(_ change: Change, at now: Duration) -> String? {
        guard let entry = entries[ChangeKey(change)], now < entry.next else { return nil }
        // Another difference than the one that failed for good: input or kernel moved.
        if entry.isTerminal, entry.digest != change.digest { return nil }
        return entry.message
    }

    /// Notes what became of the changes of a pass. `jitter` is in 0..<1.
    mutating func note(_ plan: Plan, _ outcomes: [Outcome], at now: Duration, jitter: () -> Double) {
        var current: Set<ChangeKey> = []
        for (change, outcome) in zip(plan.changes, outcomes) {
            let key = ChangeKey(change)
            current.insert(key)
            switch outcome {
            case .failed(let message, let isTerminal):
                let failures = (entries[key]?.failures ?? 0) + 1
                let delay = Backoff.delay(
                    failures: failures, first: Self.first, longest: Self.longest, jitter: jitter())
                entries[key] = Entry(
                    failures: failures, isTerminal: isTerminal, message: message, digest: change.digest,
                    next: now + (isTerminal ? Self.terminal : delay))
            case .done: entries[key] = nil
            case .planned, .notTried, .held: break
            }
        }
        if !entries.isEmpty { entries = entries.filter { current.contains($0.key) } }
    }

    /// What keeps failing, by object.
    var failing: [ObjectID: FailingObject] {
        Dictionary(
            entries.map { ($0.key.object, FailingObject(message: $0.value.message, isTerminal: $0.value.isTerminal)) },
            uniquingKeysWith: { first, _ in first })
    }

    /// The earliest instant at which a failed change is tried again.
    var next: Duration? { entries.values.lazy.map(\.next).min() }
}

/// Exponential backoff with jitter.
enum Backoff {
    /// The delay after that many failures in a row: doubling from `first` seconds to `longest`, less up to a fifth.
    static func delay(failures: Int, first: Double = 1, longest: Double = 60, jitter: Double) -> Duration {
        var delay = first
        for _ in 1..<max(failures, 1) where delay < longest { delay *= 2 }
        return .milliseconds(Int(min(delay, longest) * (1 - jitter / 5) * 1000))
    }
}
