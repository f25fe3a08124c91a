import Model
import Reconciler

/// Why a command ends without having done its work: one line for people and the exit code.
struct CommandFailure: Error, Sendable {
    /// The exit code.
    let status: ExitStatus
    /// What is missing or wrong, which object, which value, what to do; lower case, without full stop.
    let message: String
    /// Further lines: problems of validation, each with its place.
    let details: [String]

    /// A failure.
    init(_ status: ExitStatus, _ message: String, details: [String] = []) {
        self.status = status
        self.message = message
        self.details = details
    }

    /// The document printed with `--format json`.
    var json: JSONValue {
        .object([
            ("document", .string("error")),
            ("status", .string(status.name)),
            ("exit_code", .number(Int(status.rawValue))),
            ("message", .string(message)),
            ("details", .array(details.map(JSONValue.string))),
        ])
    }
}
