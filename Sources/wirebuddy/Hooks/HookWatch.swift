import Reconciler

/// Tells which passes of a daemon are worth a run: those that changed something, and those that say something else about
/// the head than the pass before.
struct HookWatch {
    private struct Word: Equatable {
        let revision: String
        let result: HookResult
        let why: [String]
    }

    private var last: Word?

    /// The job of a pass; nil when there is nothing to tell.
    mutating func job(_ report: PassReport) -> HookJob? {
        let result = HookResult(report)
        // What only waits says nothing yet; neither does a daemon that finds everything as it was left.
        let word = Word(revision: report.hookRevision, result: result, why: report.complaints)
        let isFirst = last == nil
        let isPending = result == .applied && report.isWaiting
        let isNew = word != last && !isPending && !(isFirst && result == .applied)
        if !isPending { last = result == .healed ? Word(revision: word.revision, result: .applied, why: []) : word }
        return isNew && result != .healed || !report.done.isEmpty ? HookJob(report) : nil
    }
}

extension PassReport {
    /// Whether changes of the head are held, so that it is not in force yet.
    fileprivate var isWaiting: Bool {
        isHeldByWindow
            || results.contains { change, outcome in
                if case .held = outcome { !change.isReportOnly && change.reason != .drift } else { false }
            }
    }

    /// What is wrong, without anything that differs from pass to pass.
    fileprivate var complaints: [String] {
        var found: [String] = []
        switch revisionFailure {
        case .unreadable(let why): found.append(why)
        case .invalid(_, let problems): found += problems
        case nil: break
        }
        found += plan.refusals.map(\.digest) + [clockRefusal?.digest].compactMap(\.self)
        found += plan.problems.map { "\($0.object): \($0.message)" }
        found += failing.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value.message)" }
        return found
    }
}
