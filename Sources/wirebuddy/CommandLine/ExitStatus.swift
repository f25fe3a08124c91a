import Reconciler

/// How a command ended. ArgumentParser has an `ExitCode` too, so ours is spoken of by this name.
typealias ExitStatus = Reconciler.ExitCode

extension ExitStatus {
    /// The name in JSON.
    var name: String {
        switch self {
        case .success: "done"
        case .error: "error"
        case .changes: "changes"
        case .invalid: "invalid"
        case .refused: "refused"
        case .stale: "stale"
        case .locked: "locked"
        case .partial: "partly-applied"
        case .rolledBack: "rolled-back"
        case .timedOut: "timed-out"
        case .usage: "usage"
        }
    }
}
