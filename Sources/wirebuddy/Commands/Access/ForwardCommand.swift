import ArgumentParser

/// `wirebuddy forward`.
struct ForwardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "forward",
        abstract: "Ports of the gateway that lead to peers.",
        discussion: """
            Example: wirebuddy forward list

            It reads the files of the repository, and needs no root, no network and no running daemon.
            """,
        subcommands: [ForwardListCommand.self])
}
