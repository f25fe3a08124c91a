import ArgumentParser
import Gateway

/// `wirebuddy peer disable`.
struct PeerDisableCommand: WriteCommand {
    static let configuration = CommandConfiguration(
        commandName: "disable",
        abstract: "Cut a peer off and keep it; it is blocked once it is applied.",
        discussion: """
            Example: wirebuddy peer disable phone

            Waits for a running daemon and reads the key back as gone; ends with 16 when that took too long. \
            `wirebuddy revoke` blocks a key at once, whatever the repository says.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var write: WriteOptions

    @Argument(help: ArgumentHelp("The peer: its name, or interface/name.", valueName: "peer"))
    var name: String

    func intent(_ session: GatewaySession) throws(GatewayFailure) -> Intent { .disablePeer(PeerSelector(name)) }
}

/// `wirebuddy peer enable`.
struct PeerEnableCommand: WriteCommand {
    static let configuration = CommandConfiguration(
        commandName: "enable",
        abstract: "Let a disabled peer connect again.",
        discussion: """
            Example: wirebuddy peer enable phone
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var write: WriteOptions

    @Argument(help: ArgumentHelp("The peer: its name, or interface/name.", valueName: "peer"))
    var name: String

    func intent(_ session: GatewaySession) throws(GatewayFailure) -> Intent { .enablePeer(PeerSelector(name)) }
}
