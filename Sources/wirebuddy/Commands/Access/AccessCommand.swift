import ArgumentParser

/// `wirebuddy access`.
struct AccessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access",
        abstract: "What peers may reach through the gateway.",
        discussion: """
            Examples:
              wirebuddy access list
              wirebuddy access explain bob-laptop 10.8.0.7 tcp/443
              wirebuddy access test access/expectations.txt --config .

            They read the files of the repository, and need no root, no network and no running daemon.
            """,
        subcommands: [AccessListCommand.self, AccessExplainCommand.self, AccessTestCommand.self])
}
