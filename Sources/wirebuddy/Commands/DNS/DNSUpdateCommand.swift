import ArgumentParser
import Gateway
import Model
import Reconciler

/// `wirebuddy dns update`.
struct DNSUpdateCommand: ServedCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Look at the sources of blocklists now, and say what became of each list.",
        discussion: """
            Examples:
              wirebuddy dns update
              wirebuddy dns update ads trackers
              wirebuddy dns update ads --force

            A list whose new text can't be had or is refused stays as it was; the command then ends with 1.
            """)

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("Only these lists.", valueName: "list"))
    var names: [String] = []

    @Flag(name: .long, help: "Read a text again that did not change, and take one that lost more than half its rules.")
    var force = false

    func execute(on host: CommandHost, _ console: Console) async throws -> ExitStatus {
        let dns = try host.dns()
        let known = dns.blocklistStatuses
        if let unknown = names.first(where: { name in !known.contains { $0.name == name } }) {
            throw GatewayFailure.notFound(kind: "Blocklist", name: unknown, similar: [])
        }
        let lists = await dns.updateBlocklists(names.isEmpty ? nil : Set(names), force: force)
        let status: ExitStatus = lists.contains { $0.error != nil } ? .error : .success
        console.result(
            text: text(lists, console.style),
            json: .object([
                ("document", .string("dns-update")), ("exit_code", .integer(Int64(status.rawValue))),
                ("lists", .array(lists.map(json))),
            ]))
        return status
    }

    private func text(_ lists: [BlocklistStatus], _ style: TextStyle) -> String {
        guard !lists.isEmpty else { return "no blocklists\n" }
        var table = TextTable(["LIST", "STATUS", "RULES", "SKIPPED", "UPDATED", "ERROR"])
        for list in lists {
            table.append([
                list.name, list.state.rawValue, "\(list.rules)", "\(list.skipped.values.reduce(0, +))",
                list.updatedAt.map { "\($0)" } ?? "never", list.error ?? "-",
            ])
        }
        return table.render(style)
    }

    private func json(_ list: BlocklistStatus) -> JSONValue {
        .object([
            ("name", .string(list.name)), ("status", .string(list.state.rawValue)), ("rules", .number(list.rules)),
            (
                "skipped",
                .array(
                    list.skipped.sorted { $0.key < $1.key }.map { skipped in
                        .object([("reason", .string(skipped.key)), ("lines", .number(skipped.value))])
                    })
            ),
            ("updated_at", .optional(list.updatedAt?.description)),
            ("next_update", .optional(list.nextUpdate?.description)), ("error", .optional(list.error)),
        ])
    }
}
