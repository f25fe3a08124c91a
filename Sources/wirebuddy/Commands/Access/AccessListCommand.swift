import ArgumentParser
import Model
import Reconciler
import Repository

/// `wirebuddy access list`.
struct AccessListCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the declared access documents by name.",
        discussion: """
            Examples:
              wirebuddy access list
              wirebuddy access list --format json

            Of a peer that FROM of no document means nothing is said here. OTHERWISE is what becomes of what no document of a peer names.
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: HeadOption

    func execute(_ console: Console) async throws -> ExitStatus {
        let declared = try await DeclaredCatalog.load(try GatewayComposition(global), head: options.head)
        let rules = declared.catalog.access
        console.result(
            text: text(rules, console.style),
            json: .object([
                ("document", .string("access-list")),
                ("exit_code", .number(0)),
                ("revision", .string(declared.revision.id)),
                ("access", .array(rules.map(json))),
            ]))
        return .success
    }

    private func text(_ rules: [AccessRule], _ style: TextStyle) -> String {
        guard !rules.isEmpty else { return "no access documents\n" }
        var table = TextTable(["NAME", "FROM", "TO", "PORTS", "ACTION", "OTHERWISE", "SOURCE"])
        for rule in rules {
            table.append([
                rule.name, rule.from.text, rule.to.map(\.description).joined(separator: ", "),
                rule.ports.isEmpty ? "all" : rule.ports.map(\.description).joined(separator: ", "),
                rule.action.rawValue, rule.effectiveFallback.rawValue, "\(rule.location.path):\(rule.location.line)",
            ])
        }
        return table.render(style)
    }

    private func json(_ rule: AccessRule) -> JSONValue {
        .object([
            ("name", .string(rule.name)),
            ("from", rule.from.json),
            ("to", .array(rule.to.map(json))),
            ("ports", .array(rule.ports.map { .string($0.description) })),
            ("action", .string(rule.action.rawValue)),
            ("default", .string(rule.effectiveFallback.rawValue)),
            ("description", .string(rule.description)),
            ("source", .string("\(rule.location.path):\(rule.location.line)")),
        ])
    }

    private func json(_ destination: AccessDestination) -> JSONValue {
        switch destination {
        case .prefix(let prefix): .string(prefix.description)
        case .peer(let peer): .object([("peer", .string(peer.description))])
        }
    }
}

extension AccessSources {
    /// The selectors in one line: `peers wg0/phone, laptop; labels team=ops`.
    fileprivate var text: String {
        [
            ("peers", peers.map(\.description)), ("labels", sortedLabels.map { "\($0.key)=\($0.value)" }),
            ("owners", owners), ("interfaces", interfaces),
        ].compactMap { word, values in
            values.isEmpty ? nil : "\(word) \(values.joined(separator: ", "))"
        }.joined(separator: "; ")
    }

    fileprivate var json: JSONValue {
        .object([
            ("peers", .array(peers.map { .string($0.description) })),
            ("labels", .object(sortedLabels.map { ($0.key, .string($0.value)) })),
            ("owners", .array(owners.map(JSONValue.string))),
            ("interfaces", .array(interfaces.map(JSONValue.string))),
        ])
    }

    private var sortedLabels: [(key: String, value: String)] {
        labels.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }
}
