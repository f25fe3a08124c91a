import ArgumentParser
import Glibc
import Model
import Reconciler

/// `wirebuddy top`.
struct TopCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "top",
        abstract: "Show who is connected and what they move right now.",
        discussion: """
            Examples:
              wirebuddy top
              wirebuddy top --sort handshake --interval 10s
              wirebuddy top --once
              wirebuddy top --once --interval 10s      two looks, so that rates are known

            On a terminal the table goes on: q ends it, s changes the order. Elsewhere, with --once and as JSON it is \
            printed once. Bytes are the encrypted ones of each session, as wg show counts them; received is what came \
            from the peer. Rates are in bits per second since the look before; the daemon looks at the host at most \
            every 5 seconds.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(name: .long, help: "The order of peers.")
    var sort = TopOrder.rate

    @Option(
        name: .long,
        help: ArgumentHelp(
            "The time between two looks (default: 2s; with --once there is one look).", valueName: "duration"))
    var interval: TimeSpan?

    @Flag(name: .long, help: "Print the table once and end.")
    var once = false

    func execute(_ console: Console) async throws -> ExitStatus {
        let composition = try GatewayComposition(global)
        let daemon = try await DaemonClient.required(composition)
        let look = { @Sendable in
            let interfaces = try await daemon.interfaces()
            let peers = try await daemon.peers()
            return TopLook(time: composition.clock.now(), interfaces: interfaces, peers: peers)
        }
        if console.format == .text, !once, isatty(STDOUT_FILENO) == 1, Environment["TERM"] != "dumb" {
            let screen = TopScreen(interval: .seconds(interval?.seconds ?? 2), style: console.style, look: look)
            try await screen.run(try await look(), sort)
            return .success
        }
        let table = try await table(look)
        console.result(
            text: table.lines(sort, rows: nil, style: console.style).map { "\($0)\n" }.joined(),
            json: table.json(sort))
        return .success
    }

    /// One look; after an interval another one that knows rates.
    private func table(_ look: () async throws -> TopLook) async throws -> TopTable {
        var meter = TopMeter()
        var table = meter.take(try await look())
        guard let interval else { return table }
        let first = table.observedAt
        // The daemon keeps a look for five seconds; one that looks at nothing new for so long has nothing to tell.
        let end = ContinuousClock.now + .seconds(interval.seconds + 15)
        var wait = Duration.seconds(interval.seconds)
        while ContinuousClock.now < end {
            try await Task.sleep(for: wait)
            table = meter.take(try await look())
            if table.observedAt != first { break }
            wait = .milliseconds(500)
        }
        return table
    }
}
