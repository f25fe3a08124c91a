import ArgumentParser
import Credentials
import Gateway
import Model
import Reconciler

/// `wirebuddy secret open`.
struct SecretOpenCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "open",
        abstract: "Print a sealed secret.",
        discussion: """
            Examples:
              wirebuddy secret open --peer wg0/phone --field preshared_key          on the gateway
              wirebuddy secret open --interface wg0 --identity recovery.key         anywhere, with the key of a recipient

            The secret goes to standard output, and who opened what to standard error.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var target: SecretTarget

    @Option(
        name: .long,
        help: ArgumentHelp("The private key of a recipient (default: the key of this host).", valueName: "file"))
    var identity: String?

    func execute(_ console: Console) async throws -> ExitStatus {
        let session = try SecretSession(global)
        let field = try target.find(in: try await session.tree())
        guard let text = field.sealed else {
            let found = field.reference.map { "is \($0)" } ?? "has no value that can be opened"
            throw CommandFailure(.error, "\(field.label) \(found): only a sealed value is opened")
        }
        let secret: SecretBytes
        do throws(SecretFailure) {
            secret = try session.opener(identity).open(text, for: field.context)
        } catch {
            throw CommandFailure(.error, "\(field.label): \(error)")
        }
        console.message(TerminalText.escaped("opened \(field.label) for \(Author.name)"))
        secret.withBytes { bytes in
            console.result(
                text: String(decoding: copy bytes, as: UTF8.self) + "\n",
                json: .object([
                    ("document", .string("secret")), ("exit_code", .number(0)), ("field", .string(field.label)),
                    ("value", .string(String(decoding: copy bytes, as: UTF8.self))), ("notes", .array([])),
                ]))
        }
        return .success
    }
}
