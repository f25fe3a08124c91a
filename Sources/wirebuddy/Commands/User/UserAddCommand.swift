import ArgumentParser
import Gateway
import Manifest
import Model
import Reconciler

/// `wirebuddy user add`.
struct UserAddCommand: WriteCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add a user: a password is made and printed once, unless one is given.",
        discussion: """
            Examples:
              wirebuddy user add alice --email alice@example.com --role admin
              wirebuddy user add bob --password-stdin < password.txt
              wirebuddy user add monitoring --no-password --set description="tokens only"

            The repository holds nothing but the hash of the password.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var write: WriteOptions

    @Argument(help: ArgumentHelp("The name at login.", valueName: "name"))
    var name: String

    @Option(name: .long, help: ArgumentHelp("The mail address.", valueName: "address"))
    var email: String?

    @Option(name: .long, help: ArgumentHelp("admin or user (default: user).", valueName: "role"))
    var role: String?

    @Flag(name: .long, help: "Read the password from standard input.")
    var passwordStdin = false

    @Flag(name: .long, help: "No password: the user can't log in, tokens work.")
    var noPassword = false

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("Any other field. Repeatable.", valueName: "field=value"))
    var set: [FieldArgument] = []

    func validate() throws {
        if passwordStdin, noPassword { throw ValidationError("Give --password-stdin or --no-password, not both.") }
    }

    /// The daemon does not see the caller's standard input.
    var isServed: Bool { !passwordStdin }

    func execute(on host: CommandHost, _ console: Console) async throws -> ExitStatus {
        let password = noPassword ? nil : passwordStdin ? try NewPassword.read(for: name) : try NewPassword.make()
        return try await carryOut(on: host, console, secret: password?.generated) { _ throws(GatewayFailure) in
            .createUser(name, fields: try fields, passwordHash: password?.hash)
        }
    }

    func intent(_ session: GatewaySession) throws(GatewayFailure) -> Intent { .createUser(name, fields: try fields) }

    private var fields: [FieldEdit] {
        get throws(GatewayFailure) {
            var fields: [FieldEdit] = []
            if let email { fields.append(FieldEdit(["email"], .set(.string(email)))) }
            if let role { fields.append(FieldEdit(["role"], .set(.string(role)))) }
            for argument in set { fields.append(try FieldEdit(argument: argument.text, kind: "User")) }
            return fields
        }
    }
}
