import ArgumentParser
import Gateway
import Model
import Reconciler

/// `wirebuddy token revoke`.
struct TokenRevokeCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke",
        abstract: "Revoke a token: it works nowhere any more, also in a running daemon.",
        discussion: """
            Examples:
              wirebuddy token revoke ci
              wirebuddy token revoke ci --user alice
            """)

    @OptionGroup var global: GlobalOptions

    @Option(name: .long, help: ArgumentHelp("Whose it is, where several have one of that name.", valueName: "name"))
    var user: String?

    @Argument(help: ArgumentHelp("Its name or id.", valueName: "token"))
    var token: String

    func execute(_ console: Console) async throws -> ExitStatus {
        let session = try await TokenSession(global)
        do throws(AccountFailure) {
            let found = try await session.accounts.tokens(for: TokenSession.principal).filter { owned in
                (owned.token.id == token.lowercased() || owned.token.name == token)
                    && (user.map { $0.lowercased() == owned.username.lowercased() } ?? true)
            }
            guard let first = found.first else {
                throw .refused(.notFound(kind: "Token", name: token, similar: []))
            }
            guard found.count == 1 else {
                throw .refused(
                    .conflict("several users have a token \"\(token)\": name one with --user, or the token by its id"))
            }
            let revoked = try await session.accounts.revokeToken(
                id: first.token.id, for: TokenSession.principal)
            console.result(
                text: "revoked \(revoked.token.name) of \(revoked.username)\n",
                json: .object([("document", .string("token"))] + revoked.json))
            return .success
        } catch {
            throw CommandFailure(error)
        }
    }
}
