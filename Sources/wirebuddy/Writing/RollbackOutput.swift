import Gateway
import Manifest
import Model
import Reconciler

/// What a rollback did or would do, for people and programs.
struct RollbackOutput {
    let result: RollbackResult
    let isDryRun: Bool
    let global: GlobalOptions
    var status = ExitStatus.success
    var state = RollbackJSON.State.notApplied
    var pass: PassReport?

    init(_ result: RollbackResult, isDryRun: Bool, global: GlobalOptions) {
        self.result = result
        self.isDryRun = isDryRun
        self.global = global
    }

    func text(_ style: TextStyle) -> String {
        guard let change = result.change else {
            return "unchanged: the files are as in \(result.target.revision.prefix(12)) already\n"
        }
        var lines = [style.paint(TerminalText.escaped(change.subject), .heading)]
        let files = change.files.map { "\($0.content == nil ? "remove" : "write") \(TerminalText.escaped($0.path))" }
        lines += files.prefix(20).map { "  \($0)" }
        if files.count > 20 { lines.append("  … and \(Counting.grouped(files.count - 20)) more") }
        lines += result.notes.map { style.paint("note: ", .warning) + TerminalText.escaped($0) }
        if let revision = result.revision { lines.append("revision \(revision.prefix(12))") }
        if let ahead = result.ahead {
            lines.append(
                style.paint(
                    "the remote was not reached: \(Counting.counted(ahead, "commit")) are not there yet", .warning))
        }
        if let report = pass ?? result.plan {
            lines += ["", PassText(report, style: style, limit: 20, applyCommand: "").render()]
            return lines.joined(separator: "\n")
        }
        if isDryRun {
            lines.append("the host can't be looked at from here: no plan")
        } else {
            switch state {
            case .daemon: lines.append("the daemon applies it: see `wirebuddy status\(global.repeated)`")
            case .unknown: lines.append("it is applied where the gateway runs; rails are judged there")
            case .notApplied: lines.append("not applied: run `wirebuddy apply\(global.repeated)`")
            case .applied: break
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    var json: JSONValue {
        RollbackJSON(result, isDryRun: isDryRun, exitCode: status, state: state, pass: pass).value
    }
}
