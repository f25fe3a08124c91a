import Model
import Reconciler

/// What the programs of the hooks directory are told of one pass.
struct HookJob: Sendable {
    /// The id of the pass.
    let pass: String
    /// The head.
    let revision: String
    /// What the pass came to.
    let result: HookResult
    /// What `wirebuddy apply --format json` prints, for their standard input.
    let document: [UInt8]

    init(_ report: PassReport) {
        pass = report.pass
        revision = report.hookRevision
        result = HookResult(report)
        document = PassJSON(report, exitCode: report.exitCode.rawValue).apply.document()
    }
}
