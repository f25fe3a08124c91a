import ArgumentParser
import Reconciler

/// `wirebuddy drift`.
struct DriftCommand: ServedCommand, ReportCommand {
    static let configuration = CommandConfiguration(
        commandName: "drift",
        abstract: "Show what on the host differs from what was applied.",
        discussion: """
            Example: wirebuddy drift --format json

            Drift is apart from change: what the repository changed since it was applied does not count. Ends with 0 \
            without drift, with 2 when there is some.
            """)

    @OptionGroup var host: HostOptions

    @Option(name: .long, help: "The format of the report.")
    var format = ReportFormat.text

    @Flag(name: .long, help: "Show every object, however many there are.")
    var all = false

    func execute(on host: CommandHost, _ console: Console) async throws -> ExitStatus {
        let composition = host.composition
        try Preflight(composition: composition).canLook()
        let gateway = try host.gateway()
        let report = try await gateway.preview(PassOptions(trigger: "drift"))
        return try PassOutput(console, global, all: all).preview(report, .drift, placesBelow: placesBelow)
    }
}
