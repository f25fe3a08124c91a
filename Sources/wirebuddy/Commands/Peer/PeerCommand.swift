import ArgumentParser

/// `wirebuddy peer`.
struct PeerCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "peer",
        abstract: "Devices and sites: add, change and remove them, show their configurations.",
        discussion: "Example: wirebuddy peer config phone",
        subcommands: [
            PeerAddCommand.self, PeerListCommand.self, PeerShowCommand.self,
            PeerConfigCommand.self, PeerQRCommand.self,
            PeerSetCommand.self, PeerRotateKeysCommand.self, PeerDisableCommand.self, PeerEnableCommand.self,
            PeerRemoveCommand.self,
        ])
}
