import Gateway
import Manifest
import Model
import Reconciler

/// What a write did, for people and programs.
struct WriteOutput {
    let result: WriteResult
    let applied: AppliedResult
    let next: String?
    let global: GlobalOptions
    /// A password that was made, to be shown this once.
    var secret: SecretBytes?

    /// A revocation that the daemon did not bring about is no success; other writes are done when they are committed.
    var status: ExitStatus {
        guard !result.outcome.revoked.isEmpty else { return .success }
        switch applied.state {
        case .applied, .noDaemon, .unknown: return .success
        case .pending: return applied.remaining?.isEmpty == true ? .success : .timedOut
        case .failed: return applied.remaining?.isEmpty == true ? .success : .partial
        }
    }

    func text(_ style: TextStyle) -> String {
        var lines: [String] = []
        if let change = result.outcome.change, !result.isUnchanged {
            lines.append(style.paint(TerminalText.escaped(change.subject), .heading))
            lines += change.body.split(separator: "\n").map { "  " + TerminalText.escaped(String($0)) }
            let files = change.files.map { TerminalText.escaped($0.path) }
            let some = files.prefix(3).joined(separator: ", ") + (files.count > 3 ? " and \(files.count - 3) more" : "")
            lines.append("revision \(result.revision.prefix(12)): \(some)")
        } else {
            lines.append("unchanged: \(result.outcome.object) is as wanted already")
        }
        lines.append(stateLine(style))
        if let ahead = result.ahead {
            lines.append(
                style.paint(
                    "the remote was not reached: \(Counting.counted(ahead, "commit")) are not there yet", .warning))
        }
        lines += result.notes.map { style.paint("note: ", .warning) + TerminalText.escaped($0) }
        if let password { lines.append("password: \(password)   (shown only here)") }
        if let next { lines.append("next: \(next)") }
        return lines.joined(separator: "\n") + "\n"
    }

    private var password: String? {
        secret.map { $0.withBytes { bytes in String(decoding: bytes, as: UTF8.self) } }
    }

    private func stateLine(_ style: TextStyle) -> String {
        let command = "`wirebuddy apply\(global.repeated)`"
        switch applied.state {
        case .applied where result.outcome.revoked.isEmpty: return style.paint("applied", .good)
        case .applied where applied.remaining == nil: return style.paint("applied; the host was not read again", .good)
        case .applied: return style.paint("applied: \(keys) blocked, read back from the host", .good)
        case .pending:
            return style.paint("not applied yet: see `wirebuddy status\(global.repeated)`\(stillOpen)", .warning)
        case .failed(let why):
            return style.paint("the daemon could not apply it: \(TerminalText.escaped(why))\(stillOpen)", .failure)
        case .noDaemon where result.isUnchanged && stillOpen.isEmpty: return "no daemon runs here"
        case .noDaemon:
            return style.paint("not applied, no daemon runs here: run \(command)\(stillOpen)", .warning)
        case .unknown: return "the gateway's daemon applies it, or \(command) there; rails are judged then\(stillOpen)"
        }
    }

    private var keys: String {
        let count = result.outcome.revoked.count
        return count == 1 ? "the key is" : "\(count) keys are"
    }

    /// What a revocation has not brought about yet.
    private var stillOpen: String {
        guard !result.outcome.revoked.isEmpty, applied.remaining?.isEmpty != true else { return "" }
        let interfaces = Set((applied.remaining ?? []).map(\.interface)).sorted().joined(separator: ", ")
        return interfaces.isEmpty ? "; until then \(keys) let in" : "; until then \(keys) let in on \(interfaces)"
    }

    var json: JSONValue {
        let change = result.isUnchanged ? nil : result.outcome.change
        let fields: [(String, JSONValue)] = [
            ("document", .string("write")),
            ("exit_code", .number(Int(status.rawValue))),
            ("object", WriteJSON.object(result.outcome.object)),
            ("unchanged", .boolean(result.isUnchanged)),
            ("revision", .string(result.revision)),
            ("subject", .optional(change?.subject)),
            ("changes", .array((change?.body ?? "").split(separator: "\n").map { .string(String($0)) })),
            ("files", .array((change?.files ?? []).map(WriteJSON.file))),
            ("state", .string(applied.state.word)),
            ("message", .optional(applied.state.reason)),
            ("remaining_keys", .array((applied.remaining ?? []).map { .string($0.publicKey.description) })),
            ("ahead", result.ahead.map { .number($0) } ?? .null),
            ("notes", .array(result.notes.map(JSONValue.string))),
        ]
        return .object(fields + (password.map { [("password", .string($0))] } ?? []))
    }
}

/// Parts of the documents about writes.
enum WriteJSON {
    static func object(_ identity: ObjectIdentity) -> JSONValue {
        .object([
            ("kind", .string(identity.kind)), ("interface", .optional(identity.interface)),
            ("name", .string(identity.name)),
        ])
    }

    static func file(_ change: FileChange) -> JSONValue {
        .object([("path", .string(change.path)), ("deleted", .boolean(change.content == nil))])
    }
}
