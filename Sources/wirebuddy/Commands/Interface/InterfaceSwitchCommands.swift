import ArgumentParser
import Gateway

/// `wirebuddy interface start`.
struct InterfaceStartCommand: WriteCommand {
    static let configuration = CommandConfiguration(
        commandName: "start",
        abstract: "Let a stopped interface run.",
        discussion: """
            Example: wirebuddy interface start wg0
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var write: WriteOptions

    @Argument(help: ArgumentHelp("The interface.", valueName: "name"))
    var name: String

    func intent(_ session: GatewaySession) throws(GatewayFailure) -> Intent { .startInterface(name) }
}

/// `wirebuddy interface stop`.
struct InterfaceStopCommand: WriteCommand {
    static let configuration = CommandConfiguration(
        commandName: "stop",
        abstract: "Stop an interface and keep it: its link goes down, its port is free.",
        discussion: """
            Example: wirebuddy interface stop wg0
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var write: WriteOptions

    @Argument(help: ArgumentHelp("The interface.", valueName: "name"))
    var name: String

    func intent(_ session: GatewaySession) throws(GatewayFailure) -> Intent { .stopInterface(name) }
}
