/// The exit codes of the CLI (DESIGN 5.7), the same for every output format.
public enum ExitCode: Int32, Sendable, Hashable, CaseIterable {
    /// Done, or in sync.
    case success = 0
    /// An error.
    case error = 1
    /// `plan` or `drift` found changes.
    case changes = 2
    /// The desired state is invalid.
    case invalid = 10
    /// A rail refused.
    case refused = 11
    /// The plan is stale, or there was a conflict.
    case stale = 12
    /// Somebody else holds the lock.
    case locked = 13
    /// Only a part was applied.
    case partial = 14
    /// The change was rolled back.
    case rolledBack = 15
    /// Waiting took too long.
    case timedOut = 16
    /// The command line makes no sense.
    case usage = 64

    /// The order in which they apply: the first that does is the command's.
    private static let precedence: [ExitCode] = [
        .usage, .locked, .error, .invalid, .stale, .refused, .rolledBack, .partial, .timedOut, .changes, .success,
    ]

    /// The one of several codes that a command ends with.
    public static func first(of codes: Set<ExitCode>) -> ExitCode {
        precedence.first { codes.contains($0) } ?? .success
    }
}

extension PassReport {
    /// How a command that made this pass or preview ends.
    public var exitCode: ExitCode {
        var codes: Set<ExitCode> = []
        switch revisionFailure {
        case .unreadable: codes.insert(.error)
        case .invalid: codes.insert(.invalid)
        case nil: break
        }
        if storeFailure != nil { codes.insert(.error) }
        for problem in plan.problems { codes.insert(problem.kind == .error ? .error : .refused) }
        if checkpointFailure != nil { codes.insert(.error) }
        if isStale || waitsFor != nil { codes.insert(.stale) }
        if restoration != nil || checkpoint?.state == .rolledBack || checkpoint?.state == .failed {
            codes.insert(.rolledBack)
        }
        if !plan.refusals.isEmpty || clockRefusal != nil { codes.insert(.refused) }
        if isPreview {
            if !plan.changes.isEmpty { codes.insert(.changes) }
        } else {
            codes.formUnion(outcomeCodes)
        }
        return ExitCode.first(of: codes)
    }

    /// Nothing done at all is an error; something left undone is a partial apply, and so is a revocation that could
    /// not be read back, whatever else was done.
    private var outcomeCodes: Set<ExitCode> {
        var (isDone, isFailed, isRevocationLost) = (false, false, false)
        for (change, outcome) in zip(plan.changes, outcomes) {
            switch outcome {
            case .done: isDone = true
            case .failed, .notTried:
                isFailed = true
                if change.isRevocation { isRevocationLost = true }
            case .planned, .held: break
            }
        }
        if isFailed { return [isDone || isRevocationLost ? .partial : .error] }
        return remaining.isEmpty ? [] : [.partial]
    }
}
