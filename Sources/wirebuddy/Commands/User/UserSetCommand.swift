import ArgumentParser
import Gateway
import Model

/// `wirebuddy user set`.
struct UserSetCommand: WriteCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Change fields of a user, or his password: nothing else in his file changes.",
        discussion: """
            Examples:
              wirebuddy user set alice role=admin full_name="Alice Smith"
              wirebuddy user set alice --new-password          a password is made and printed once
              wirebuddy user set alice --password-stdin < password.txt
              wirebuddy user set alice enabled=false           ends his sessions and tokens
              wirebuddy user set alice username=alice.smith    a rename; id, tokens and peers stay his

            field= goes back to the default. A new password ends the user's sessions.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var write: WriteOptions

    @Argument(help: ArgumentHelp("The user: his name or id.", valueName: "user"))
    var name: String

    @Argument(help: ArgumentHelp("The changes.", valueName: "field=value"))
    var changes: [FieldArgument] = []

    @Flag(name: .long, help: "Make a new password and print it once.")
    var newPassword = false

    @Flag(name: .long, help: "Read a new password from standard input.")
    var passwordStdin = false

    func validate() throws {
        if newPassword, passwordStdin { throw ValidationError("Give --new-password or --password-stdin, not both.") }
        if changes.isEmpty, !newPassword, !passwordStdin {
            throw ValidationError("Say what to change: field=value, --new-password or --password-stdin.")
        }
    }

    /// The daemon does not see the caller's standard input.
    var isServed: Bool { !passwordStdin }

    func execute(on host: CommandHost, _ console: Console) async throws -> ExitStatus {
        let password = newPassword ? try NewPassword.make() : passwordStdin ? try NewPassword.read(for: name) : nil
        return try await carryOut(on: host, console, secret: password?.generated) { _ throws(GatewayFailure) in
            .updateUser(UserSelector(name), try edits, passwordHash: password?.hash)
        }
    }

    func intent(_ session: GatewaySession) throws(GatewayFailure) -> Intent {
        .updateUser(UserSelector(name), try edits)
    }

    private var edits: [FieldEdit] {
        get throws(GatewayFailure) {
            var edits: [FieldEdit] = []
            for change in changes { edits.append(try FieldEdit(argument: change.text, kind: "User")) }
            return edits
        }
    }
}
