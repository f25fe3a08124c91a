import ArgumentParser
import Database
import Reconciler

/// `wirebuddy down`.
struct DownCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "down",
        abstract: "Take away everything we made on this host; database and keys stay.",
        discussion: """
            Example: wirebuddy down

            Interfaces, addresses, routes, rules, the firewall table, userspace programs; kernel parameters go back to \
            what they were unless somebody changed them since. Stop the daemon first: it would bring all of it back.
            """)

    @OptionGroup var global: GlobalOptions

    @Flag(name: .long, help: "Show every object, however many there are.")
    var all = false

    func execute(_ console: Console) async throws -> ExitStatus {
        let composition = try GatewayComposition(global)
        try composition.require([composition.checks.networkRights(), composition.checks.nft()])
        try Preflight(composition: composition).canStore()
        let gateway = try RunningGateway(composition, logger: composition.logger())
        let lock = try gateway.takeDaemonLock()
        defer { lock.release() }
        var report = try await gateway.pass(PassOptions(trigger: "down", scope: .teardown), "removing")
        // What the repository says does not matter here, nor whether it can be read.
        report.revision = nil
        report.revisionFailure = nil
        return try PassOutput(console, global, all: all).apply(report)
    }
}
