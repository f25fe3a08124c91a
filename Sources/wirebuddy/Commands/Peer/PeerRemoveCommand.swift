import ArgumentParser
import Gateway

/// `wirebuddy peer remove`.
struct PeerRemoveCommand: WriteCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove",
        abstract: "Remove a peer; its key is blocked once it is applied.",
        discussion: """
            Example: wirebuddy peer remove wg0/phone

            Naming the peer is the consent that a limit of deletes would ask for. Its history stays in git.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var write: WriteOptions

    @Argument(help: ArgumentHelp("The peer: its name, or interface/name.", valueName: "peer"))
    var name: String

    func intent(_ session: GatewaySession) throws(GatewayFailure) -> Intent { .removePeer(PeerSelector(name)) }
}
