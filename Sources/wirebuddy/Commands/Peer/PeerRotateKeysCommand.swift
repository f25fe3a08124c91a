import ArgumentParser
import Gateway
import Manifest
import Model

/// `wirebuddy peer rotate-keys`.
struct PeerRotateKeysCommand: WriteCommand {
    static let configuration = CommandConfiguration(
        commandName: "rotate-keys",
        abstract: "Give a peer new keys; the old ones are blocked once it is applied.",
        discussion: """
            Examples:
              wirebuddy peer rotate-keys phone
              wirebuddy peer rotate-keys branch --public-key 'mX…='    where the device holds its private key

            The device needs its new configuration: `wirebuddy peer qr`. Name, addresses and id stay.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var write: WriteOptions

    @Argument(help: ArgumentHelp("The peer: its name, or interface/name.", valueName: "peer"))
    var name: String

    @Option(
        name: .long,
        help: ArgumentHelp("The device's new public key, where the device made its keys itself.", valueName: "key"))
    var publicKey: PublicKey?

    func intent(_ session: GatewaySession) throws(GatewayFailure) -> Intent {
        .rotateKeys(PeerSelector(name), publicKey: publicKey, host: session.hostRecipient)
    }

    func next(_ object: ObjectIdentity) -> String? {
        "wirebuddy peer \(publicKey == nil ? "qr" : "config") \(ShellWord.quoted(name))\(global.repeated)"
    }
}
