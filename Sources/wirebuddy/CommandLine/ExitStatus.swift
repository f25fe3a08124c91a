/// How a command ended; the same for every output format. The numbers are part of the contract with scripts.
enum ExitStatus: Int32, Sendable, CaseIterable {
    /// Done, or in sync.
    case done = 0
    /// An error: the command could not do its work.
    case error = 1
    /// Plan or drift found changes.
    case changes = 2
    /// The desired state is invalid.
    case invalid = 10
    /// A rail refused, or consent is missing.
    case refused = 11
    /// The plan is stale, or something else changed the same object.
    case stale = 12
    /// Another process holds the lock.
    case locked = 13
    /// Some of the changes were applied, others failed.
    case partlyApplied = 14
    /// The changes were taken back.
    case rolledBack = 15
    /// Waiting took too long.
    case timedOut = 16
    /// The command line is wrong.
    case usage = 64

    /// When several apply, the first one here is the exit code.
    static let precedence: [ExitStatus] = [
        .usage, .locked, .error, .invalid, .stale, .refused, .rolledBack, .partlyApplied, .timedOut, .changes, .done,
    ]

    /// The exit code of a command that found all of `statuses`; none of them means ``done``.
    static func combined(_ statuses: [ExitStatus]) -> ExitStatus {
        precedence.first(where: statuses.contains) ?? .done
    }

    /// The name in JSON.
    var name: String {
        switch self {
        case .done: "done"
        case .error: "error"
        case .changes: "changes"
        case .invalid: "invalid"
        case .refused: "refused"
        case .stale: "stale"
        case .locked: "locked"
        case .partlyApplied: "partly-applied"
        case .rolledBack: "rolled-back"
        case .timedOut: "timed-out"
        case .usage: "usage"
        }
    }
}
