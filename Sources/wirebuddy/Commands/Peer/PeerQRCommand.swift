import ArgumentParser
import Model
import Profile
import Reconciler

/// `wirebuddy peer qr`.
struct PeerQRCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "qr",
        abstract: "Show the configuration of a device as a QR code, which the WireGuard apps scan.",
        discussion: """
            Examples:
              wirebuddy peer qr phone
              wirebuddy peer qr wg0/phone --png phone.png

            On a terminal it is black on white; without colours (--no-color, NO_COLOR) it is drawn for a dark terminal. \
            The code holds the keys: whoever sees it has them.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        name: .long,
        help: ArgumentHelp("Write a PNG that only you can read; one that exists is replaced.", valueName: "file"))
    var png: String?

    @Option(
        name: .long,
        help: ArgumentHelp("Write an SVG that only you can read; one that exists is replaced.", valueName: "file"))
    var svg: String?

    @Option(name: .long, help: "What reads the configuration: a WireGuard app, or wg-quick on Linux.")
    var platform: Platform = .app

    @Argument(help: ArgumentHelp("The peer: its name, or interface/name.", valueName: "peer"))
    var name: String

    func validate() throws {
        if png != nil, svg != nil { throw ValidationError("Use one of --png and --svg.") }
    }

    func execute(_ console: Console) async throws -> ExitStatus {
        let profile = try await DeviceProfile.find(name, platform, GatewayComposition(global))
        let code: QRCode
        let picture: [UInt8]?
        do {
            code = try QRCode(Array(profile.configuration.exposedText().utf8))
            picture = png == nil ? svg.map { _ in Array(code.svg().utf8) } : try code.png()
        } catch {
            throw CommandFailure(.error, error.description)
        }
        let path = png ?? svg
        if let path, let picture { try TextFile.replace(path, with: picture, mode: 0o600) }
        profile.remark(console)
        console.result(
            text: path.map { "\($0)\n" } ?? code.terminal(colours: console.wantsColour),
            json: profile.json(
                "device-qr",
                [
                    ("path", .optional(path)), ("svg", path == nil ? .string(code.svg()) : .null),
                ]))
        return .success
    }
}
