import ArgumentParser
import Database
import Model
import Reconciler

/// `wirebuddy drift`.
struct DriftCommand: ServedCommand, ReportCommand {
    static let configuration = CommandConfiguration(
        commandName: "drift",
        abstract: "Show what on the host differs from what was applied.",
        discussion: """
            Examples:
              wirebuddy drift --format json
              wirebuddy drift --history --since 7d    what drifted, how it ended, and who probably did it

            Drift is apart from change: what the repository changed since it was applied does not count. Ends with 0 \
            without drift, with 2 when there is some; --history ends with 0.
            """)

    @OptionGroup var host: HostOptions

    @Option(name: .long, help: "The format of the report.")
    var format = ReportFormat.text

    @Flag(name: .long, help: "Show every object, however many there are.")
    var all = false

    @Flag(name: .long, help: "Show what passes wrote down of drift: since when it stands, or how it ended.")
    var history = false

    @Option(
        name: .long,
        help: ArgumentHelp("With --history: only of so long ago, and what stands: 12h, 30d.", valueName: "duration"))
    var since: TimeSpan?

    @Option(name: .long, help: "With --history: at most so many (default: 50).")
    var limit: Int?

    func validate() throws {
        if !history, since != nil || limit != nil { throw ValidationError("--since and --limit go with --history.") }
        if history, ![.text, .json, .html].contains(format) {
            throw ValidationError("--history has the formats text, json and html.")
        }
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
    }

    func execute(on host: CommandHost, _ console: Console) async throws -> ExitStatus {
        if history { return try await showHistory(host, console) }
        let composition = host.composition
        try Preflight(composition: composition).canLook()
        let gateway = try host.gateway()
        let report = try await gateway.preview(PassOptions(trigger: "drift"))
        // Since when it stands, for the format that shows it.
        let known = format == .html ? try await gateway.database.driftHistory(DriftFilter(limit: 1000)) : nil
        return try PassOutput(console, global, all: all)
            .preview(report, .drift, placesBelow: placesBelow, history: known)
    }

    private func showHistory(_ host: CommandHost, _ console: Console) async throws -> ExitStatus {
        let since = since.map { host.composition.clock.now().advanced(bySeconds: -$0.seconds) }
        let gateway = try host.gateway()
        let history = try await gateway.database.driftHistory(DriftFilter(since: since, limit: limit ?? 50))
        if format == .html {
            try Preflight(composition: host.composition).canLook()
            let report = try await gateway.preview(PassOptions(trigger: "drift"))
            let page = HTMLReport(
                report, .drift, gateway: NotificationService.hostName, history: history, showsHistory: true)
            console.report(Array(page.render().utf8))
            return .success
        }
        console.result(
            text: DriftHistoryText(history, style: console.style).render(),
            json: DriftHistoryJSON.document(history, since: since))
        return .success
    }
}
