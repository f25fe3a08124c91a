import ArgumentParser
import DNSPolicy
import Model
import Reconciler
import Repository

/// `wirebuddy dns rules`.
struct DNSRulesCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "rules",
        abstract: "List the declared rules, in the order of their files.",
        discussion: """
            Examples:
              wirebuddy dns rules
              wirebuddy dns rules --format json
            """)

    @OptionGroup var global: GlobalOptions
    @OptionGroup var options: PolicyOptions

    func execute(_ console: Console) async throws -> ExitStatus {
        let composition = try GatewayComposition(global)
        let declared = try await DeclaredPolicy.load(composition, options)
        let entries = entries(declared.catalog)
        console.result(
            text: text(entries, console.style),
            json: .object([
                ("document", .string("dns-rules")),
                ("exit_code", .number(0)),
                ("revision", .string(declared.revision.id)),
                ("rules", .array(entries.map(\.json))),
            ]))
        return .success
    }

    /// A rule, or a line of an `adblock` block.
    private struct Entry {
        let location: SourceLocation
        let text: String
        var rule: DNSRule?

        var json: JSONValue {
            .object([
                ("source", .string("\(location.path):\(location.line)")),
                ("text", .string(text)),
                ("action", .optional(rule?.action.rawValue)),
                ("domain", .optional(rule?.domain)),
                ("client", .optional(rule?.client?.description)),
                ("answer", .optional(rule?.answer?.description)),
                ("comment", .optional(rule?.comment)),
                ("expires_at", .optional(rule?.expiresAt?.description)),
            ])
        }
    }

    private func entries(_ catalog: Catalog) -> [Entry] {
        let rules = catalog.dnsRules.map { Entry(location: $0.location, text: "\($0)", rule: $0) }
        let lines = catalog.dnsFilterLines.map { Entry(location: $0.location, text: $0.text) }
        return (rules + lines).sorted { $0.location < $1.location }
    }

    private func text(_ entries: [Entry], _ style: TextStyle) -> String {
        guard !entries.isEmpty else { return "no rules\n" }
        var table = TextTable(["SOURCE", "RULE", "UNTIL", "COMMENT"])
        for entry in entries {
            table.append([
                "\(entry.location.path):\(entry.location.line)", entry.text,
                entry.rule?.expiresAt.map { "\($0)" } ?? "-",
                entry.rule.flatMap { $0.comment.isEmpty ? nil : $0.comment } ?? "-",
            ])
        }
        return table.render(style)
    }
}
