import ArgumentParser
import Model
import Profile
import Reconciler

/// `wirebuddy peer config`.
struct PeerConfigCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "config",
        abstract: "Print the configuration of a device, with its keys: for wg-quick or a WireGuard app.",
        discussion: """
            Examples:
              wirebuddy peer config phone
              wirebuddy peer config wg0/laptop --platform linux --output laptop.conf

            The peer is looked up at the head of the repository. Where the device made its keys itself, its private key \
            is not known here: write it into the line PrivateKey on the device.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(name: .long, help: "What reads the configuration: a WireGuard app, or wg-quick on Linux.")
    var platform: Platform = .app

    @Option(
        name: .long,
        help: ArgumentHelp("Write it to a file that only you can read; one that exists is replaced.", valueName: "file")
    )
    var output: String?

    @Argument(help: ArgumentHelp("The peer: its name, or interface/name.", valueName: "peer"))
    var name: String

    func execute(_ console: Console) async throws -> ExitStatus {
        let profile = try await DeviceProfile.find(name, platform, GatewayComposition(global))
        let text = profile.configuration.exposedText()
        if let output { try TextFile.replace(output, with: text, mode: 0o600) }
        profile.remark(console)
        console.result(
            text: output.map { "\($0)\n" } ?? text,
            json: profile.json(
                "device-configuration",
                [
                    ("path", .optional(output)), ("configuration", output == nil ? .string(text) : .null),
                ]))
        return .success
    }
}
