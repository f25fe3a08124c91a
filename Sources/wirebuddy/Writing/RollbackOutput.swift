import Manifest
import Model
import Reconciler
import Repository

/// What a rollback did or would do, for people and programs.
struct RollbackOutput {
    /// What becomes of the commit on this host.
    enum State: String {
        /// It was applied.
        case applied
        /// The daemon applies it.
        case daemon
        /// Nothing was applied.
        case notApplied = "not-applied"
        /// This process can't know.
        case unknown
    }

    let rollback: Rollback
    let isDryRun: Bool
    let digest: any Digest
    let global: GlobalOptions
    var status = ExitStatus.success
    /// Nil: the files are as they were already.
    var change: TreeChange?
    var revision: String?
    var ahead: Int?
    var notes: [String] = []
    var state = State.notApplied
    var plan: PassReport?
    var pass: PassReport?

    init(_ rollback: Rollback, isDryRun: Bool, digest: any Digest, global: GlobalOptions) {
        self.rollback = rollback
        self.isDryRun = isDryRun
        self.digest = digest
        self.global = global
    }

    func text(_ style: TextStyle) -> String {
        guard let change else {
            return "unchanged: the files are as in \(rollback.target.revision.prefix(12)) already\n"
        }
        var lines = [style.paint(TerminalText.escaped(change.subject), .heading)]
        let files = change.files.map { "\($0.content == nil ? "remove" : "write") \(TerminalText.escaped($0.path))" }
        lines += files.prefix(20).map { "  \($0)" }
        if files.count > 20 { lines.append("  … and \(Counting.grouped(files.count - 20)) more") }
        lines += notes.map { style.paint("note: ", .warning) + TerminalText.escaped($0) }
        if let revision { lines.append("revision \(revision.prefix(12))") }
        if let ahead {
            lines.append(
                style.paint(
                    "the remote was not reached: \(Counting.counted(ahead, "commit")) are not there yet", .warning))
        }
        if let report = pass ?? plan {
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
        .object([
            ("document", .string("rollback")),
            ("exit_code", .number(Int(status.rawValue))),
            ("dry_run", .boolean(isDryRun)),
            ("restores", .string(rollback.target.revision)),
            ("unchanged", .boolean(change == nil)),
            ("revision", .optional(revision)),
            ("subject", .optional(change?.subject)),
            ("files", .array((change?.files ?? []).map(WriteJSON.file))),
            ("restored_peers", .array(rollback.restored.map(json))),
            ("ahead", ahead.map(JSONValue.number) ?? .null),
            ("notes", .array(notes.map(JSONValue.string))),
            ("state", .string(state.rawValue)),
            ("plan", plan.map { PassJSON($0, exitCode: status.rawValue).plan } ?? .null),
            ("pass", pass.map { PassJSON($0, exitCode: status.rawValue).apply } ?? .null),
        ])
    }

    private func json(_ peer: Rollback.RestoredPeer) -> JSONValue {
        .object([
            ("interface", .string(peer.interface)), ("name", .string(peer.name)),
            ("public_key", .string(peer.publicKey.description)), ("reason", .string(peer.reason)),
            ("digest", .string(digest.digest(peer.canonicalForm.bytes).short)),
        ])
    }
}
