import ArgumentParser
import Gateway
import Model
import Reconciler

/// `wirebuddy token list`.
struct TokenListCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the tokens of all users, never their values.",
        discussion: "Example: wirebuddy token list --format json")

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> ExitStatus {
        let session = try await TokenSession(global)
        do throws(AccountFailure) {
            let tokens = try await session.accounts.tokens(for: TokenSession.principal)
            console.result(
                text: text(tokens, console),
                json: .object([
                    ("document", .string("tokens")), ("tokens", .array(tokens.map { .object($0.json) })),
                ]))
            return .success
        } catch {
            throw CommandFailure(error)
        }
    }

    private func text(_ tokens: [OwnedToken], _ console: Console) -> String {
        if tokens.isEmpty { return "no tokens\n" }
        var table = TextTable(["NAME", "USER", "PERMISSION", "FROM", "EXPIRES", "LAST USED"])
        for owned in tokens {
            let token = owned.token
            table.append([
                token.name, owned.username, token.permission.rawValue + (token.allowsSecrets ? ", secrets" : ""),
                token.allowedIPs.isEmpty ? "anywhere" : token.allowedIPs.map(\.description).joined(separator: ", "),
                token.expiresAt?.description ?? "never", token.lastUsedAt?.description ?? "never",
            ])
        }
        return table.render(console.style)
    }
}
