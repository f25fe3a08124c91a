import ArgumentParser

/// `wirebuddy interface`.
struct InterfaceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "interface",
        abstract: "WireGuard interfaces: add, change, start, stop and remove them.",
        discussion: "Example: wirebuddy interface add wg1 --address 10.9.0.1/24",
        subcommands: [
            InterfaceAddCommand.self, InterfaceListCommand.self, InterfaceShowCommand.self, InterfaceSetCommand.self,
            InterfaceStartCommand.self, InterfaceStopCommand.self, InterfaceRemoveCommand.self,
        ])
}
