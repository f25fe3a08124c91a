import ArgumentParser
import Database
import Glibc
import Model
import Reconciler

/// `wirebuddy restore`.
struct RestoreCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Make state and configuration of a backup, in empty places.",
        discussion: """
            Example: wirebuddy restore /srv/backup/gateway.tar

            All is verified first. Then both directories are there, or neither. Nothing of the host is changed: look at \
            `wirebuddy plan` next. Don't let the gateway that the backup is of run any more beside this one: both would \
            have the same keys.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("The file that `wirebuddy backup` wrote.", valueName: "file"))
    var file: String

    func execute(_ console: Console) async throws -> ExitStatus {
        let composition = try GatewayComposition(global)
        let holder: String?
        do { holder = try composition.locks().daemonHolder() } catch { throw CommandFailure(pass: error) }
        if let holder {
            throw CommandFailure(
                .locked,
                "a daemon runs in this network namespace (\(holder)): stop it first (`systemctl stop wirebuddy`)")
        }
        guard unsafe access(file, R_OK) == 0 else {
            throw CommandFailure(.error, "\(file) can't be read: \(SystemError(errno))")
        }
        let restored = try RestoredGateway(FilePath.real(file), composition.settings)
        let manifest = try await restored.verify()
        let undone = try restored.endWindow()
        try await restored.place(manifest)
        tell(manifest, composition, console)
        if let undone {
            console.message(
                "The backup was made while \(undone.tried) was on trial. Nobody confirmed that here: the next apply restores"
                    + " \(undone.confirmed), and \(undone.tried) is refused until that is approved or reverted.")
        }
        return .success
    }

    private func tell(_ manifest: BackupManifest, _ composition: GatewayComposition, _ console: Console) {
        let settings = composition.settings
        let repeated = composition.global.repeated
        var next = ["wirebuddy doctor\(repeated)", "wirebuddy plan\(repeated)", "wirebuddy apply\(repeated)"]
        let hasHostFile = manifest.files.contains { $0.path == "wirebuddy.yaml" }
        if hasHostFile, unsafe access(settings.hostFile.content, F_OK) != 0 {
            let target = ShellWord.quoted(settings.hostFile.content)
            next.insert("tar -xOf \(ShellWord.quoted(file)) wirebuddy.yaml >\(target)", at: 0)
        }
        let text = """
            restored the backup of \(manifest.madeAt), made by version \(manifest.version):
              state          \(settings.state.content)
              configuration  \(settings.config.content)\(manifest.repository.map { ", revision \($0.revision.prefix(12))" } ?? "")
            Next:
            \(next.map { "  \($0)" }.joined(separator: "\n"))

            """
        console.result(
            text: text,
            json: .object([
                ("document", .string("restore")), ("file", .string(file)), ("made_at", .string(manifest.madeAt)),
                ("version", .string(manifest.version)), ("state", .string(settings.state.content)),
                ("config", .string(settings.config.content)),
                ("revision", .optional(manifest.repository?.revision)),
                ("next", .array(next.map(JSONValue.string))),
            ]))
    }
}
