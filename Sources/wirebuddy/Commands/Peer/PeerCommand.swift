import ArgumentParser

/// `wirebuddy peer`.
struct PeerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peer",
        abstract: "Devices and sites: their configurations.",
        discussion: "Example: wirebuddy peer config phone",
        subcommands: [PeerConfigCommand.self, PeerQRCommand.self])
}
