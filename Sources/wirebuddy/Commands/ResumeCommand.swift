import ArgumentParser
import Database
import Reconciler

/// `wirebuddy resume`.
struct ResumeCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "End a suspension of the loop.",
        discussion: "Example: wirebuddy resume")

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> ExitStatus {
        let composition = try GatewayComposition(global)
        let gateway = try RunningGateway(composition, logger: composition.logger())
        let wasSuspended = try await gateway.database.snapshot().suspension != nil
        try await gateway.database.setSuspension(nil)
        // The daemon looks at its next trigger; what waited is due now.
        if wasSuspended, (try? gateway.locks.daemonHolder()) ?? nil != nil {
            _ = try await gateway.pass(PassOptions(trigger: "resume", mode: .loop), "resuming")
        }
        console.result(
            text: wasSuspended ? "resumed\n" : "was not suspended\n",
            json: .object([
                ("document", .string("suspension")), ("suspended", .boolean(false)), ("reason", .null),
                ("until", .null),
            ]))
        return .success
    }
}
