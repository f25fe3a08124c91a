import Manifest
public import Model
public import Reconciler

/// A rollback as JSON: `schemas/output/rollback.schema.json` describes it.
public struct RollbackJSON: Sendable {
    /// What became of the commit on this host.
    public enum State: String, Sendable, Hashable {
        /// It was applied.
        case applied
        /// The daemon applies it.
        case daemon
        /// Nothing was applied.
        case notApplied = "not-applied"
        /// Nobody here can know.
        case unknown
    }

    /// What was done.
    public var result: RollbackResult
    /// Whether nothing was to be changed.
    public var isDryRun: Bool
    /// How the command ends.
    public var exitCode: ExitCode
    /// What became of the commit.
    public var state: State
    /// The pass that applied it.
    public var pass: PassReport?

    /// A rendering.
    public init(
        _ result: RollbackResult, isDryRun: Bool, exitCode: ExitCode, state: State, pass: PassReport? = nil
    ) {
        self.result = result
        self.isDryRun = isDryRun
        self.exitCode = exitCode
        self.state = state
        self.pass = pass
    }

    /// The document `wirebuddy rollback --format json` prints.
    public var value: JSONValue {
        .object([
            ("document", .string("rollback")),
            ("exit_code", .number(Int(exitCode.rawValue))),
            ("dry_run", .boolean(isDryRun)),
            ("restores", .string(result.target.revision)),
            ("unchanged", .boolean(result.change == nil)),
            ("revision", .optional(result.revision)),
            ("subject", .optional(result.change?.subject)),
            (
                "files",
                .array(
                    (result.change?.files ?? []).map {
                        .object([("path", .string($0.path)), ("deleted", .boolean($0.content == nil))])
                    })
            ),
            ("restored_peers", .array(result.restored.map(Self.json))),
            ("ahead", result.ahead.map(JSONValue.number) ?? .null),
            ("notes", .array(result.notes.map(JSONValue.string))),
            ("state", .string(state.rawValue)),
            ("plan", result.plan.map { PassJSON($0, exitCode: exitCode.rawValue).plan } ?? .null),
            ("pass", pass.map { PassJSON($0, exitCode: exitCode.rawValue).apply } ?? .null),
        ])
    }

    private static func json(_ peer: RestoredPeer) -> JSONValue {
        .object([
            ("interface", .string(peer.interface)), ("name", .string(peer.name)),
            ("public_key", .string(peer.publicKey.description)), ("reason", .string(peer.reason)),
            ("digest", .string(peer.digest)),
        ])
    }
}
