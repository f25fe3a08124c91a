import ArgumentParser
import Database
import Gateway
import Model
import Reconciler
import Repository

/// `wirebuddy status`.
struct StatusCommand: ServedCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Show the gateway: revision, conditions, interfaces and sessions.",
        discussion: """
            Example: wirebuddy status --all

            Ends as plan does: 0 in sync, 2 when something differs, 10 when the configuration is not valid.
            """)

    @OptionGroup var global: GlobalOptions

    @Flag(name: .long, help: "Show every peer and condition, however many there are.")
    var all = false

    func execute(on host: CommandHost, _ console: Console) async throws -> ExitStatus {
        let composition = host.composition
        try composition.require([composition.checks.networkRights()])
        let gateway = try host.gateway()
        let pass = try await gateway.preview(PassOptions(trigger: "status"))
        let now = composition.clock.now()
        let catalog = try? await gateway.repository.read(now: now).catalog
        var report = try await StatusQuery(facts: gateway, inventory: gateway.database)
            .report(pass, catalog: catalog, at: now, events: all ? 100 : 20)
        report.telemetry = gateway.telemetry?.telemetryStatus
        console.result(
            text: StatusText(report, style: console.style, limit: all ? nil : 20).render(),
            json: StatusJSON(report).value)
        return report.exitCode
    }
}
