import ArgumentParser
import Gateway
import Model
import Reconciler

/// `wirebuddy token create`.
struct TokenCreateCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Make a token and print its value, which is shown only now.",
        discussion: """
            Example: WIREBUDDY_API_TOKEN=$(wirebuddy token create ci --permission read --expires 90d)

            The value alone stands on standard output. `full` is for admins.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(name: .long, help: "What it allows: read (GET only) or full.")
    var permission: TokenPermission

    @Option(name: .long, help: "How long it works: never, 30d, 90d, 1y.")
    var expires: TokenRequest.Lifetime = .never

    @Option(
        name: .customLong("allowed-ips"),
        help: ArgumentHelp(
            "From where it may be used: an address or prefix; several with commas, or again.", valueName: "cidr"))
    var allowedIPs: [String] = []

    @Flag(name: .long, help: "Let a read token read private keys of devices (configuration and QR).")
    var allowSecrets = false

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Whose it is (default: the user of your login name, else the only admin).", valueName: "name"))
    var user: String?

    @Argument(help: "What it is called; commits name it.")
    var name: String

    func execute(_ console: Console) async throws -> ExitStatus {
        let prefixes = try prefixes()
        let session = try await TokenSession(global)
        let owner = try session.owner(user)
        let request = TokenRequest(
            name: name, lifetime: expires, permission: permission, allowedIPs: prefixes, allowsSecrets: allowSecrets)
        do throws(AccountFailure) {
            let (token, value) = try await session.accounts.createToken(request, for: owner.id)
            console.result(
                text: "\(value)\n",
                json: .object([("document", .string("token"))] + token.json + [("token", .string(value))]))
            return .success
        } catch .forbidden {
            throw CommandFailure(
                .error, "\(owner.username) is no admin: only admins have tokens with --permission full")
        } catch {
            throw CommandFailure(error)
        }
    }

    private func prefixes() throws -> [Prefix] {
        try allowedIPs.flatMap { $0.split(separator: ",") }.map { text in
            guard let prefix = Prefix(String(text)) else {
                throw ValidationError("'\(text)' is neither an address nor a prefix like 203.0.113.0/24.")
            }
            return prefix
        }
    }
}
