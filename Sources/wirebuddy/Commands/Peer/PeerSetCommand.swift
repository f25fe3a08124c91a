import ArgumentParser
import Gateway

/// `wirebuddy peer set`.
struct PeerSetCommand: WriteCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Change fields of a peer: nothing else in its file changes.",
        discussion: """
            Examples:
              wirebuddy peer set phone routing_mode=vpn_only expires_at=2027-01-01T00:00:00Z
              wirebuddy peer set wg0/phone name="Anna's phone"        a rename; keys, id and file stay
              wirebuddy peer set branch routes+=192.168.60.0/24 description=

            field= goes back to the default, field+=value and field-=value change a list, labels.team=ops one label. \
            `wirebuddy schema peer` describes the fields. A secret never stands here: preshared_key takes generate, \
            sealed:…, file:NAME or env:NAME.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var write: WriteOptions

    @Argument(help: ArgumentHelp("The peer: its name, or interface/name.", valueName: "peer"))
    var name: String

    @Argument(help: ArgumentHelp("The changes.", valueName: "field=value"))
    var changes: [FieldArgument]

    func intent(_ session: GatewaySession) throws(GatewayFailure) -> Intent {
        var edits: [FieldEdit] = []
        for change in changes { edits.append(try FieldEdit(argument: change.text, kind: "Peer")) }
        return .updatePeer(PeerSelector(name), edits, host: session.hostRecipient)
    }
}
