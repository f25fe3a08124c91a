import ArgumentParser
import Model
import Reconciler
import Repository

/// `wirebuddy forward list`.
struct ForwardListCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the declared ports that lead to peers, by name.",
        discussion: """
            Examples:
              wirebuddy forward list
              wirebuddy forward list --format json
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: HeadOption

    func execute(_ console: Console) async throws -> ExitStatus {
        let declared = try await DeclaredCatalog.load(try GatewayComposition(global), head: options.head)
        let forwards = declared.catalog.forwards
        console.result(
            text: text(forwards, console.style),
            json: .object([
                ("document", .string("forward-list")),
                ("exit_code", .number(0)),
                ("revision", .string(declared.revision.id)),
                ("forwards", .array(forwards.map(json))),
            ]))
        return .success
    }

    private func text(_ forwards: [Forward], _ style: TextStyle) -> String {
        guard !forwards.isEmpty else { return "no forwards\n" }
        var table = TextTable(["NAME", "INTERFACE", "PORT", "TO", "FROM", "SOURCE"])
        for forward in forwards {
            table.append([
                forward.name, forward.interface ?? "all outside", "\(forward.transport.rawValue)/\(forward.port)",
                "\(forward.to.peer) \(forward.transport.rawValue)/\(forward.targetPort)",
                forward.from.isEmpty ? "everybody" : forward.from.map(\.description).joined(separator: ", "),
                "\(forward.location.path):\(forward.location.line)",
            ])
        }
        return table.render(style)
    }

    private func json(_ forward: Forward) -> JSONValue {
        .object([
            ("name", .string(forward.name)),
            ("interface", .optional(forward.interface)),
            ("protocol", .string(forward.transport.rawValue)),
            ("port", .number(Int(forward.port))),
            (
                "to",
                .object([
                    ("peer", .string(forward.to.peer.description)), ("port", .number(Int(forward.targetPort))),
                ])
            ),
            ("from", .array(forward.from.map { .string($0.description) })),
            ("description", .string(forward.description)),
            ("source", .string("\(forward.location.path):\(forward.location.line)")),
        ])
    }
}
