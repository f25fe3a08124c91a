import Reconciler

/// How commands print what a pass did or would do.
struct PassOutput {
    let console: Console
    let global: GlobalOptions
    let all: Bool

    init(_ console: Console, _ global: GlobalOptions, all: Bool) {
        self.console = console
        self.global = global
        self.all = all
    }

    private func text(_ report: PassReport) -> PassText {
        PassText(
            report, style: console.style, limit: all ? nil : 20, applyCommand: "wirebuddy apply\(global.repeated)")
    }

    /// Prints a plan.
    ///
    /// - Throws: ``CommandFailure`` when the repository can't be read and nothing else is to be shown.
    func preview(_ report: PassReport) throws(CommandFailure) -> ExitStatus {
        try refuseUnreadable(report)
        let status = report.exitCode
        console.result(text: text(report).render(), json: PassJSON(report, exitCode: status.rawValue).plan)
        return status
    }

    /// Prints the drift of a plan; what the repository changed does not count.
    ///
    /// - Throws: ``CommandFailure`` when the repository can't be read and nothing else is to be shown.
    func drift(_ report: PassReport) throws(CommandFailure) -> ExitStatus {
        try refuseUnreadable(report)
        var drift = report
        drift.plan.changes = report.plan.drift
        drift.plan.refusals = []
        let status = drift.exitCode
        console.result(
            text: PlanText(report.plan, style: console.style, limit: all ? nil : 20).renderDrift(),
            json: PassJSON(report, exitCode: status.rawValue).drift)
        return status
    }

    /// Prints what a pass did.
    ///
    /// - Throws: ``CommandFailure`` when the repository can't be read and nothing was done.
    func apply(_ report: PassReport) throws(CommandFailure) -> ExitStatus {
        try refuseUnreadable(report)
        let status = report.exitCode
        console.result(text: text(report).render(), json: PassJSON(report, exitCode: status.rawValue).apply)
        return status
    }

    private func refuseUnreadable(_ report: PassReport) throws(CommandFailure) {
        if case .unreadable(let why) = report.revisionFailure, report.plan.changes.isEmpty {
            throw CommandFailure(.error, why)
        }
    }
}
