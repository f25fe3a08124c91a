import ArgumentParser

@main
struct WireBuddy: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "wirebuddy", abstract: "A declarative reconciler for WireGuard gateways.")
}
