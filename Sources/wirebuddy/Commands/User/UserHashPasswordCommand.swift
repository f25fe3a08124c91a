import ArgumentParser
import Credentials
import Model
import Reconciler

/// `wirebuddy user hash-password`.
struct UserHashPasswordCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "hash-password",
        abstract: "Print the hash of a password, for password_hash of a kind: User.",
        discussion: """
            Examples:
              wirebuddy user hash-password
              pass show gateway/alice | wirebuddy user hash-password

            The password is read from the terminal or from standard input, never from an argument. Works anywhere.
            """)

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> ExitStatus {
        let password = try SecretInput.read("password")
        if let problem = PasswordRule.problem(of: password) { throw CommandFailure(.invalid, problem) }
        do throws(PasswordFailure) {
            let hash = try PasswordHash.make(password)
            console.result(
                text: "\(hash.text)\n",
                json: .object([("document", .string("password-hash")), ("password_hash", .string(hash.text))]))
            return .success
        } catch {
            throw CommandFailure(.error, "there is no memory to hash a password: 64 MiB are needed")
        }
    }
}
