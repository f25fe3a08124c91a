import ArgumentParser

/// `wirebuddy secret`.
struct SecretCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secret",
        abstract: "Secrets in the repository: sealed to the gateway's key, so that the files may be read by anyone.",
        discussion: """
            Examples:
              wg genpsk | wirebuddy secret seal --peer wg0/phone --field preshared_key --write
              wirebuddy secret recipients generate recovery --role recovery
              wirebuddy secret reseal

            Whoever has the repository can seal; only the recipients in kind: Recipients can open. docs/sealed-values.md \
            describes the format.
            """,
        subcommands: [
            SecretSealCommand.self, SecretOpenCommand.self, SecretResealCommand.self, RecipientsCommand.self,
            SecretKeygenCommand.self, SecretRotateHostKeyCommand.self,
        ])
}
