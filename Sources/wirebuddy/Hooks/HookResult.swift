import Reconciler

/// What a pass came to, in the one word that programs of the hooks directory get.
enum HookResult: String, Sendable, Hashable {
    /// The revision is on the host.
    case applied
    /// It can't be used, or nothing of it could be done.
    case failed
    /// A rail refuses it until somebody approves, or the reviewed plan is stale.
    case refused
    /// A part of it was done.
    case partial
    /// The revision was there before; what had moved away from it was brought back.
    case healed

    /// The result of a pass.
    init(_ report: PassReport) {
        switch report.exitCode {
        case .success:
            let done = report.done
            self = !done.isEmpty && done.allSatisfy { $0.reason == .drift } ? .healed : .applied
        case .partial: self = .partial
        case .refused, .stale: self = .refused
        case .error, .changes, .invalid, .locked, .rolledBack, .timedOut, .usage: self = .failed
        }
    }
}

extension PassReport {
    /// The changes that were made, also those that healed the last good revision.
    var done: [Change] {
        let healed = healing.map { zip($0.plan.changes, $0.outcomes) }.map(Array.init) ?? []
        return (results.map { ($0.change, $0.outcome) } + healed).filter { $0.1 == .done }.map(\.0)
    }

    /// The head as programs of the hooks directory get it, also one that can't be used; empty when it is not known.
    var hookRevision: String {
        if case .invalid(let revision, _) = revisionFailure { return revision }
        return revision?.id ?? inForce ?? ""
    }
}
