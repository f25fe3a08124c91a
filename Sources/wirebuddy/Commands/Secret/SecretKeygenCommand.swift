import ArgumentParser
import Credentials
import Model
import Reconciler

/// `wirebuddy secret keygen`.
struct SecretKeygenCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "keygen",
        abstract: "Make the key of a recipient: the private part into a file, the public part is printed.",
        discussion: """
            Example: wirebuddy secret keygen ~/alice.key

            Works anywhere. The public part goes to whoever runs `wirebuddy secret recipients add`.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("The new file; one that exists is never replaced.", valueName: "file"))
    var file: String

    func execute(_ console: Console) async throws -> ExitStatus {
        do throws(SecretFailure) {
            let key = try IdentityFile.make(file)
            console.result(
                text: "\(key)\n",
                json: .object([
                    ("document", .string("secret")), ("exit_code", .number(0)), ("key", .string("\(key)")),
                    ("file", .string(file)), ("notes", .array([])),
                ]))
            return .success
        } catch {
            throw CommandFailure(.error, error.description)
        }
    }
}
