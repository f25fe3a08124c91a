import ArgumentParser
import Gateway

/// `wirebuddy interface remove`.
struct InterfaceRemoveCommand: WriteCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove an interface that has no peers, or with them.",
        discussion: """
            Example: wirebuddy interface remove wg1 --with-peers

            Naming the interface is the consent that the rail asks for. Its private key stays on the gateway.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var write: WriteOptions

    @Argument(help: ArgumentHelp("The interface.", valueName: "name"))
    var name: String

    @Flag(name: .long, help: "Remove its peers too.")
    var withPeers = false

    func intent(_ session: GatewaySession) throws(GatewayFailure) -> Intent {
        .removeInterface(name, withPeers: withPeers)
    }
}
