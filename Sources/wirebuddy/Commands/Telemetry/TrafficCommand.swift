import ArgumentParser
import Glibc
import Model
import Reconciler

/// `wirebuddy traffic`.
struct TrafficCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "traffic",
        abstract: "Show what was received and sent over time: of a peer, an interface, or all interfaces.",
        discussion: """
            Examples:
              wirebuddy traffic                  all interfaces, 24 hours, the top peers
              wirebuddy traffic phone --since 7d
              wirebuddy traffic wg0 --since 2026-01-01 --resolution weekly
              wirebuddy traffic wg0/phone --since 30d --png phone.png
              wirebuddy traffic phone --since 7d --csv > phone.csv

            The daemon keeps the history, as long as telemetry of Settings says. Of peers encrypted bytes are counted, as \
            wg show does; of interfaces the packets inside of the tunnel. Received is what came from the peer. All \
            times are UTC. Bytes are in KiB, MiB, GiB (1024), rates in kbit/s, Mbit/s, Gbit/s (1000). Without \
            --resolution it is hours up to 8 days, days up to 400 days, then weeks.
            """)

    @OptionGroup var global: GlobalOptions

    @Option(
        name: .long,
        help: ArgumentHelp("From when on: 12h or 7d ago, a day 2026-11-01, or RFC 3339.", valueName: "time"))
    var since: PointInTime = .ago(86_400)

    @Option(
        name: .long, help: ArgumentHelp("Until when, in the same forms (default: now).", valueName: "time"))
    var until: PointInTime?

    @Option(name: .long, help: "The width of the points.")
    var resolution: TrafficResolution?

    @Flag(name: .long, help: "Print the points as CSV.")
    var csv = false

    @Option(
        name: .long,
        help: ArgumentHelp("Write an SVG that only you can read; one that exists is replaced.", valueName: "file"))
    var svg: String?

    @Option(
        name: .long,
        help: ArgumentHelp(
            "Write a PNG that only you can read; one that exists is replaced. Needs rsvg-convert (librsvg2-bin).",
            valueName: "file"))
    var png: String?

    @Argument(help: ArgumentHelp("The peer, its name, interface/name or id; or an interface.", valueName: "peer"))
    var name: String?

    func validate() throws {
        if csv, global.format == .json { throw ValidationError("Use one of --csv and --format json.") }
    }

    func execute(_ console: Console) async throws -> ExitStatus {
        let composition = try GatewayComposition(global)
        let span = try TrafficSpan(since: since, until: until, resolution, now: composition.clock.now())
        let daemon = try await DaemonClient.required(composition)
        let answer = try await TrafficAnswer(TrafficOwner.find(name, daemon), span, daemon)
        let report = TrafficReport(answer)
        let files = try await pictures(of: answer)
        if csv {
            for file in files { console.message("written: \(TerminalText.escaped(file))") }
            Console.write(Array(report.commaSeparated.utf8), to: STDOUT_FILENO)
            return .success
        }
        console.result(
            text: files.isEmpty
                ? report.text(width: TerminalSize.current()?.columns ?? 80, style: console.style)
                : files.map { "\($0)\n" }.joined(),
            json: report.json(files: files))
        return .success
    }

    /// Writes the pictures that were asked for, and says where.
    private func pictures(of answer: TrafficAnswer) async throws -> [String] {
        guard svg != nil || png != nil else { return [] }
        let picture = SVGPlot(answer.plot).render()
        if let svg { try PictureFile.write(svg: picture, to: svg) }
        if let png { try await PictureFile.write(png: picture, to: png) }
        return [svg, png].compactMap(\.self)
    }
}
