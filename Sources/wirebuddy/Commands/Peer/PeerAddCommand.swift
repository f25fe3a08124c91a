import ArgumentParser
import Gateway
import Manifest
import Model

/// `wirebuddy peer add`.
struct PeerAddCommand: WriteCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Add a peer: its address is chosen and its keys are made, unless given.",
        discussion: """
            Examples:
              wirebuddy peer add phone
              wirebuddy peer add "Anna's laptop" --interface wg0 --routing-mode vpn_only
              wirebuddy peer add branch --public-key 'mX…=' --set routes=192.168.50.0/24

            Without --public-key a key pair is made and its private part stored sealed: `wirebuddy peer qr` and \
            `wirebuddy peer config` show it to the device.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var write: WriteOptions

    @Argument(help: ArgumentHelp("The name of the peer, or interface/name.", valueName: "name"))
    var name: String

    @Option(name: .long, help: ArgumentHelp("The interface (default: the only one).", valueName: "name"))
    var interface: String?

    @Option(
        name: .long,
        help: ArgumentHelp("The device's public key, where the device made its keys itself.", valueName: "key"))
    var publicKey: PublicKey?

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("A tunnel address (default: the next free ones). Repeatable.", valueName: "address"))
    var ip: [String] = []

    @Option(
        name: .long,
        help: ArgumentHelp(
            "What the device sends into the tunnel: full_tunnel, full_tunnel_keep_lan, vpn_only, split_tunnel.",
            valueName: "mode"))
    var routingMode: String?

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("Any other field. Repeatable.", valueName: "field=value"))
    var set: [FieldArgument] = []

    func intent(_ session: GatewaySession) throws(GatewayFailure) -> Intent {
        var fields: [FieldEdit] = []
        if ip.count == 1 { fields.append(FieldEdit(["ip"], .set(.string(ip[0])))) }
        if ip.count > 1 { fields.append(FieldEdit(["ip"], .set(.list(ip.map(EditValue.string))))) }
        if let routingMode { fields.append(FieldEdit(["routing_mode"], .set(.string(routingMode)))) }
        for argument in set { fields.append(try FieldEdit(argument: argument.text, kind: "Peer")) }
        let place = interface == nil ? PeerSelector(name) : PeerSelector(interface: interface, name: name)
        let creation = PeerCreation(
            name: place.name, interface: place.interface, publicKey: publicKey, fields: fields)
        return .createPeer(creation, host: session.hostRecipient)
    }

    func next(_ object: ObjectIdentity) -> String? {
        let isPlain = interface == nil && name == object.name
        let name = isPlain ? object.name : "\(object.interface ?? "")/\(object.name)"
        return "wirebuddy peer \(publicKey == nil ? "qr" : "config") \(ShellWord.quoted(name))\(global.repeated)"
    }
}
