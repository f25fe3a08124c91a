import ArgumentParser

/// `wirebuddy access`.
struct AccessCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "access",
        abstract: "What peers may reach through the gateway.",
        discussion: """
            Example: wirebuddy access list

            It reads the files of the repository, and needs no root, no network and no running daemon.
            """,
        subcommands: [AccessListCommand.self])
}
