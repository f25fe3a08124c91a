import ArgumentParser
import Glibc
import Model
import Reconciler

/// `wirebuddy events`.
struct EventsCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "events",
        abstract: "Show who changed what, what the controller did, logins and the use of tokens.",
        discussion: """
            Examples:
              wirebuddy events
              wirebuddy events --follow
              wirebuddy events --kind commit --kind login --since 7d
              wirebuddy events --kind failure --limit 10 --format json      one JSON document per line

            The newest stand last. Works with and without a daemon. Of a token there is when it was made and its last \
            use, within some minutes.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(name: .long, help: "Only of this kind; may be given more than once.")
    var kind: [GatewayRecord.Kind] = []

    @Option(
        name: .long, help: ArgumentHelp("Only of so long ago: 30s, 5m, 12h, 30d.", valueName: "duration"))
    var since: TimeSpan?

    @Option(name: .long, help: "At most so many, the newest.")
    var limit = 50

    @Flag(name: .long, help: "Go on, and show what happens.")
    var follow = false

    /// The time between two looks of ``follow``.
    private static let pause: Duration = .seconds(1)
    /// More records of a source than this between two looks are not followed.
    private static let followed = 1000

    func validate() throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit is a number from 1 to 10000.") }
    }

    func execute(_ console: Console) async throws -> ExitStatus {
        let composition = try GatewayComposition(global)
        let records = try GatewayRecords(composition)
        let kinds = Set(kind.isEmpty ? GatewayRecord.Kind.allCases : kind)
        let from = since.map { composition.clock.now().advanced(bySeconds: -$0.seconds) }
        var seen = SeenRecords()
        let first = seen.new(in: try await records.newest(kinds, since: from, limit: max(limit, Self.followed)))
        show(first.suffix(limit), on: console)
        guard follow else {
            if first.isEmpty, console.format == .text { console.message("no events") }
            return .success
        }
        do {
            try await Interruption.cancelling { [seen] in
                var seen = seen
                while !Console.readerIsGone {
                    try await Task.sleep(for: Self.pause)
                    let newest = try await records.newest(kinds, since: from, limit: Self.followed)
                    show(seen.new(in: newest), on: console)
                }
            }
        } catch is CancellationError {
            // The way to end it.
        }
        return .success
    }

    private func show(_ records: some Sequence<GatewayRecord>, on console: Console) {
        for record in records { console.line(text: record.text(console.style), json: record.json) }
    }
}
