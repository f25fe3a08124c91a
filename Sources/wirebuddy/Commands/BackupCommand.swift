import ArgumentParser
import Database
import Glibc
import Model
import Reconciler

/// `wirebuddy backup`.
struct BackupCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Write everything a gateway needs to be made again into one file.",
        discussion: """
            Example: wirebuddy backup /srv/backup/gateway.tar

            The file holds the state database, the key of the host, the keys of interfaces, secrets, and the configuration \
            with its history. It is as secret as they are: 0600, and better encrypted before it leaves the host. It is \
            right also while the daemon works. What was measured and asked is left out unless it is wanted. \
            `wirebuddy restore` makes a gateway of it.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("The new file, or - for standard output.", valueName: "file"))
    var file: String

    @Flag(name: .long, help: "With telemetry.db: traffic and flows.")
    var telemetry = false

    @Flag(name: .long, help: "With history.db: the queries of DNS.")
    var history = false

    func execute(_ console: Console) async throws -> ExitStatus {
        try NewArchive.check(file)
        let composition = try GatewayComposition(global)
        let state = composition.settings.state.content
        guard composition.hasDatabase else {
            throw CommandFailure(
                .error, "there is no state to save in \(state): name it with --state, or run as root")
        }
        let stage = try BackupStage(composition.settings)
        let now = composition.clock.now()
        // No pass meanwhile: keys, what is recorded of them and the commits of peers are of one moment.
        let lock: HeldLock
        do { lock = try await composition.locks().takePassLock() } catch { throw CommandFailure(pass: error) }
        defer { lock.release() }
        let schema = try stage.gatherState()
        let bundle = try await stage.gatherConfiguration(composition.repository)
        lock.release()
        for (isWanted, name) in [(telemetry, "telemetry.db"), (history, "history.db")] where isWanted {
            if unsafe access("\(state)/\(name)", F_OK) == 0 { try stage.gatherDatabase(name) }
        }
        let manifest = try await stage.pack(madeAt: now, schema: schema, bundle)
        try NewArchive.write(stage.archive, to: file)
        try LastBackup.note(now, state: state)
        tell(manifest, console)
        return .success
    }

    private func tell(_ manifest: BackupManifest, _ console: Console) {
        let bytes = manifest.files.map(\.bytes).reduce(0, +)
        let what = manifest.repository.map { "revision \($0.revision.prefix(12)) of \($0.branch)" } ?? "the plain files"
        let text = "\(file): \(manifest.files.count) files, \(Counting.grouped(bytes)) bytes; configuration: \(what)"
        // Standard output is the archive.
        if file == "-" { return console.message(text) }
        console.result(
            text: text + "\nIt holds keys: keep it as safe as the gateway itself.\n",
            json: .object([
                ("document", .string("backup")), ("file", .string(file)), ("made_at", .string(manifest.madeAt)),
                ("version", .string(manifest.version)), ("schema", .string(manifest.schema)),
                ("revision", .optional(manifest.repository?.revision)),
                (
                    "files",
                    .array(
                        manifest.files.map { file in
                            .object([
                                ("path", .string(file.path)), ("bytes", .number(file.bytes)),
                                ("sha256", .string(file.sha256)),
                            ])
                        })
                ),
            ]))
    }
}
