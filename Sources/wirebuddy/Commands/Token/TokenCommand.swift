import ArgumentParser

/// `wirebuddy token`.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Tokens of the API: make, list, revoke.",
        discussion: """
            Examples:
              wirebuddy token create ci --permission read --expires 90d --allowed-ips 203.0.113.0/24
              wirebuddy token list
              wirebuddy token revoke ci

            A token belongs to a user and never allows more than his role. Its value is shown once; only its digest is \
            stored.
            """,
        subcommands: [TokenCreateCommand.self, TokenListCommand.self, TokenRevokeCommand.self])
}
