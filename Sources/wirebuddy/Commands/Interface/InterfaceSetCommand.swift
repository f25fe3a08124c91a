import ArgumentParser
import Gateway

/// `wirebuddy interface set`.
struct InterfaceSetCommand: WriteCommand {
    static let configuration = CommandConfiguration(
        commandName: "set",
        abstract: "Change fields of an interface: nothing else in its file changes.",
        discussion: """
            Examples:
              wirebuddy interface set wg0 mtu=1380 endpoint=vpn.example.com:51820
              wirebuddy interface set wg0 address+=fd42:8::1/64 description=

            field= goes back to the default, field+=value and field-=value change a list. `wirebuddy schema interface` \
            describes the fields.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var write: WriteOptions

    @Argument(help: ArgumentHelp("The interface.", valueName: "name"))
    var name: String

    @Argument(help: ArgumentHelp("The changes.", valueName: "field=value"))
    var changes: [FieldArgument]

    func intent(_ session: GatewaySession) throws(GatewayFailure) -> Intent {
        var edits: [FieldEdit] = []
        for change in changes { edits.append(try FieldEdit(argument: change.text, kind: "Interface")) }
        return .updateInterface(name, edits)
    }
}
