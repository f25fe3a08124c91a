import Credentials
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
        // The options of a checkout are not those of the gateway that will apply it.
        let options = report.simulation == nil ? global.repeated : ""
        return PassText(
            report, style: console.style, limit: all ? nil : 20, applyCommand: "wirebuddy apply\(options)")
    }

    /// Prints a plan, or the drift of it; what the repository changed does not count as drift.
    ///
    /// - Parameters:
    ///   - prefix: what paths of findings begin with, as ``ReportCommand/placesBelow`` says.
    ///   - history: since when drift stands and who may have caused it.
    /// - Throws: ``CommandFailure`` when the repository can't be read and nothing else is to be shown.
    func preview(
        _ report: PassReport, _ view: PassFindings.View = .plan, placesBelow prefix: String = "",
        history: DriftHistory? = nil
    ) throws(CommandFailure) -> ExitStatus {
        try refuseUnreadable(report)
        var document = PassDocument(report, view, version: Version.text, digest: BLAKE2b256(), prefix: prefix)
        document.gateway = report.simulation == nil ? NotificationService.hostName : "a gateway with these files"
        document.history = history
        console.report(document.bytes(console.reportFormat, text: text(report)))
        return document.exitCode
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
