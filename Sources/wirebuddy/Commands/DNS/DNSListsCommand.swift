import ArgumentParser
import DNSPolicy
import Model
import Reconciler
import Repository

/// `wirebuddy dns lists`.
struct DNSListsCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "lists",
        abstract:
            "List the declared blocklists: how many rules each has, and how many lines are skipped for what reason.",
        discussion: """
            Examples:
              wirebuddy dns lists
              wirebuddy dns lists --list ads=/tmp/hosts.txt --format json
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: PolicyOptions

    func execute(_ console: Console) async throws -> ExitStatus {
        let composition = try GatewayComposition(global)
        let declared = try await DeclaredPolicy.load(composition, options)
        console.result(
            text: text(declared.lists, console.style),
            json: .object([
                ("document", .string("dns-lists")),
                ("exit_code", .number(0)),
                ("revision", .string(declared.revision.id)),
                ("lists", .array(declared.lists.map(json))),
            ]))
        return .success
    }

    private func text(_ lists: [DeclaredPolicy.List], _ style: TextStyle) -> String {
        guard !lists.isEmpty else { return "no blocklists\n" }
        var table = TextTable(["LIST", "FORMAT", "STATUS", "RULES", "SKIPPED", "SOURCE"])
        for list in lists {
            let skipped = list.compiled.map { compiled in
                compiled.skipped.isEmpty
                    ? "0"
                    : compiled.skipped.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key.rawValue)" }
                        .joined(separator: ", ")
            }
            table.append([
                list.declared.name, list.declared.format.rawValue, status(list),
                list.compiled.map { "\($0.count)" } ?? "-", skipped ?? "-", source(list.declared),
            ])
        }
        return table.render(style)
    }

    private func status(_ list: DeclaredPolicy.List) -> String {
        !list.declared.enabled ? "disabled" : list.compiled == nil ? "not here" : "read"
    }

    private func source(_ list: Blocklist) -> String {
        switch list.source {
        case .url(let url): url
        case .file(let path): path
        }
    }

    private func json(_ list: DeclaredPolicy.List) -> JSONValue {
        .object([
            ("name", .string(list.declared.name)),
            ("format", .string(list.declared.format.rawValue)),
            ("source", .string(source(list.declared))),
            ("status", .string(status(list))),
            ("rules", list.compiled.map { .number($0.count) } ?? .null),
            (
                "skipped",
                list.compiled.map { compiled in
                    .array(
                        compiled.skipped.sorted { $0.key < $1.key }.map { skipped in
                            .object([
                                ("reason", .string(skipped.key.rawValue)), ("lines", .number(skipped.value)),
                            ])
                        })
                } ?? .null
            ),
        ])
    }
}
