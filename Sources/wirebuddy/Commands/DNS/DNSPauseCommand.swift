import ArgumentParser
import Gateway
import Model
import Reconciler

/// `wirebuddy dns pause`.
struct DNSPauseCommand: ServedCommand {
    static let configuration = CommandConfiguration(
        commandName: "pause",
        abstract: "Let everything through for a while, for everybody or for one peer.",
        discussion: """
            Examples:
              wirebuddy dns pause 10m
              wirebuddy dns pause 1h --client johns-iphone
              wirebuddy dns pause
              wirebuddy dns pause --end --client johns-iphone
              wirebuddy dns pause --end

            Rules and lists don't block until the pause ends, and names that were blocked are asked again. Without a \
            duration the pauses in force are listed. A pause outlives a restart and is no drift; when its peer is \
            removed, --end --client still ends it.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("How long: 30s, 5m, 12h, 30d.", valueName: "duration"))
    var duration: TimeSpan?

    @Option(name: .long, help: "Only for this peer: its name, its DNS label, interface/name or id.")
    var client: String?

    @Flag(name: .long, help: "End the pause of --client, or all pauses.")
    var end = false

    func validate() throws {
        if end, duration != nil { throw ValidationError("--end takes no duration") }
        if client != nil, duration == nil, !end {
            throw ValidationError("--client needs a duration or --end")
        }
    }

    func execute(on host: CommandHost, _ console: Console) async throws -> ExitStatus {
        let dns = try host.dns()
        let peer = try await peer(host, dns)
        if let duration {
            let until = host.composition.clock.now().advanced(bySeconds: duration.seconds)
            try await dns.pause(FilteringPauseEntry(client: peer, until: until, author: host.author.name))
        } else if end {
            _ = try await dns.resume(client: peer)
        }
        let pauses = try await dns.pauses()
        console.result(
            text: text(pauses, console.style),
            json: .object([
                ("document", .string("dns-pauses")), ("exit_code", .number(0)),
                (
                    "pauses",
                    .array(
                        pauses.map { pause in
                            .object([
                                ("client", .optional(pause.client)), ("until", .string("\(pause.until)")),
                                ("author", .string(pause.author)),
                            ])
                        })
                ),
            ]))
        return .success
    }

    /// `interface/name` of the client that is meant; nil for everybody.
    private func peer(_ host: CommandHost, _ dns: any DNSService) async throws -> String? {
        guard let client else { return nil }
        let selector = PeerSelector(client)
        let tree = try await host.session().store.snapshot().tree
        return end
            ? try selector.client(endingOneOf: try await dns.pauses(), in: tree) : try selector.client(in: tree)
    }

    private func text(_ pauses: [FilteringPauseEntry], _ style: TextStyle) -> String {
        guard !pauses.isEmpty else { return "filtering is not paused\n" }
        var table = TextTable(["CLIENT", "UNTIL", "BY"])
        for pause in pauses { table.append([pause.client ?? "everybody", "\(pause.until)", pause.author]) }
        return table.render(style)
    }
}
