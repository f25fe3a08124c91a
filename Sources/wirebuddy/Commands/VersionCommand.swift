import ArgumentParser
import Model
import Reconciler

/// `wirebuddy version`.
struct VersionCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "version",
        abstract: "Print the version.",
        discussion: "Example: wirebuddy version --format json")

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> ExitStatus {
        console.result(
            text: "wirebuddy \(Version.text)\n",
            json: .object([("document", .string("version")), ("version", .string(Version.text))]))
        return .success
    }
}
