import Gateway
import Manifest
import Model
import Reconciler

/// What an import declared, for people and programs.
struct ImportReport {
    let importing: Importing
    let change: TreeChange
    let isDryRun: Bool
    let definitions: [OtherDefinition]
    let global: GlobalOptions
    /// The commit; nil before it, and in a dry run.
    var revision: String?
    /// What the write had to say.
    var notes: [String] = []

    init(
        importing: Importing, change: TreeChange, isDryRun: Bool, definitions: [OtherDefinition], global: GlobalOptions
    ) {
        self.importing = importing
        self.change = change
        self.isDryRun = isDryRun
        self.definitions = definitions
        self.global = global
    }

    private var mapped: [ImportFinding] { importing.interfaces.flatMap(\.mapped) }
    private var notImported: [ImportFinding] { importing.interfaces.flatMap(\.notImported) }
    private var warnings: [ImportFinding] { importing.interfaces.flatMap(\.warnings) }

    func text(_ style: TextStyle) -> String {
        var lines: [String] = []
        for imported in importing.interfaces {
            let interface = imported.interface
            let count = Counting.counted(imported.peers.count, "peer")
            let verb = isDryRun ? "would import" : "imported"
            lines.append(
                style.paint(
                    "\(verb) \(interface.name) from \(TerminalText.escaped(imported.origin)): \(count),"
                        + " \(interface.address.map(\.description).joined(separator: ", ")) port \(interface.listenPort)",
                    .heading))
        }
        let written = change.files.filter { $0.content != nil }.map { TerminalText.escaped($0.path) }
        let some = written.prefix(4).joined(separator: ", ")
        lines.append("  files: \(some)\(written.count > 4 ? " and \(written.count - 4) more" : "")")
        if let revision { lines.append("  revision \(revision.prefix(12))") }
        lines += section("became fields:", mapped, style, .good)
        lines += section("not imported:", notImported, style, .warning)
        lines += section("to know:", warnings, style, .warning)
        for definition in definitions {
            let why = "\(definition.program.rawValue) brings up \(definition.interface) at the next boot"
            lines.append("\(style.paint(why, .warning)) (\(definition.path)): run `\(definition.command)`")
        }
        lines += notes.map { "\(style.paint("note:", .warning)) \(TerminalText.escaped($0))" }
        lines.append("next: wirebuddy plan\(global.repeated)")
        return lines.joined(separator: "\n") + "\n"
    }

    private func section(
        _ title: String, _ findings: [ImportFinding], _ style: TextStyle, _ paint: TextStyle.Role
    ) -> [String] {
        guard !findings.isEmpty else { return [] }
        return [style.paint(title, paint)] + findings.map { "  \(TerminalText.escaped($0.description))" }
    }

    var json: JSONValue {
        .object([
            ("document", .string("import")),
            ("exit_code", .number(0)),
            ("dry_run", .boolean(isDryRun)),
            ("revision", .optional(revision)),
            ("interfaces", .array(importing.interfaces.map(Self.json))),
            ("files", .array(change.files.filter { $0.content != nil }.map { .string($0.path) })),
            ("mapped", .array(mapped.map(Self.json))),
            ("not_imported", .array(notImported.map(Self.json))),
            ("warnings", .array(warnings.map(Self.json))),
            ("other_definitions", .array(definitions.map(Self.json))),
            ("notes", .array(notes.map(JSONValue.string))),
        ])
    }

    private static func json(_ imported: ImportedInterface) -> JSONValue {
        .object([
            ("name", .string(imported.interface.name)),
            ("origin", .string(imported.origin)),
            ("listen_port", .number(Int(imported.interface.listenPort))),
            ("peers", .array(imported.peers.map { .string($0.peer.name) })),
        ])
    }

    private static func json(_ finding: ImportFinding) -> JSONValue {
        .object([
            ("origin", .string(finding.origin)), ("line", finding.line.map { .number($0) } ?? .null),
            ("text", .string(finding.text)),
        ])
    }

    private static func json(_ definition: OtherDefinition) -> JSONValue {
        .object([
            ("program", .string(definition.program.rawValue)), ("interface", .string(definition.interface)),
            ("path", .string(definition.path)), ("command", .string(definition.command)),
        ])
    }
}
