import ArgumentParser
import Database
import Model
import Reconciler

/// `wirebuddy resume`.
struct ResumeCommand: ServedCommand {
    static let configuration = CommandConfiguration(
        commandName: "resume",
        abstract: "End a suspension of the loop.",
        discussion: "Example: wirebuddy resume")

    @OptionGroup var global: GlobalOptions

    func execute(on host: CommandHost, _ console: Console) async throws -> ExitStatus {
        let gateway = try host.gateway()
        let wasSuspended = try await gateway.database.snapshot().suspension != nil
        try await gateway.database.setSuspension(nil)
        // What waited is due now, not at the daemon's next trigger.
        if wasSuspended { try await gateway.makeLoopPassIfServed("resume") }
        console.result(
            text: wasSuspended ? "resumed\n" : "was not suspended\n",
            json: .object([
                ("document", .string("suspension")), ("suspended", .boolean(false)), ("reason", .null),
                ("until", .null),
            ]))
        return .success
    }
}
