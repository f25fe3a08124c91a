import ArgumentParser
import Gateway
import Manifest
import Model

/// `wirebuddy interface add`.
struct InterfaceAddCommand: WriteCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add an interface.",
        discussion: """
            Example: wirebuddy interface add wg1 --address 10.9.0.1/24 --address fd42:9::1/64

            Its private key is made on the gateway when it is applied and never leaves it.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var write: WriteOptions

    @Argument(help: ArgumentHelp("The name of the link.", valueName: "name"))
    var name: String

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp(
            "The gateway's own address in the tunnel, with a prefix length. Repeatable.", valueName: "address"))
    var address: [String]

    @Option(
        name: .long, help: ArgumentHelp("The UDP port (default: the first free one from 51820 on).", valueName: "port"))
    var listenPort: UInt16?

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("Any other field. Repeatable.", valueName: "field=value"))
    var set: [FieldArgument] = []

    func intent(_ session: GatewaySession) throws(GatewayFailure) -> Intent {
        let list = address.map(EditValue.string)
        var fields = [FieldEdit(["address"], .set(list.count == 1 ? list[0] : .list(list)))]
        if let listenPort { fields.append(FieldEdit(["listen_port"], .set(.integer(Int64(listenPort))))) }
        for argument in set { fields.append(try FieldEdit(argument: argument.text, kind: "Interface")) }
        return .createInterface(name, fields: fields)
    }

    func next(_ object: ObjectIdentity) -> String? {
        "wirebuddy peer add NAME --interface \(ShellWord.quoted(name))\(global.repeated)"
    }
}
