import ArgumentParser
import Gateway
import Manifest
import Model
import Reconciler

/// `wirebuddy interface list`.
struct InterfaceListCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the declared interfaces.",
        discussion: "Example: wirebuddy interface list --format json")

    @OptionGroup var global: GlobalOptions

    func execute(_ console: Console) async throws -> ExitStatus {
        let snapshot = try await GatewaySession.snapshot(GatewayComposition(global))
        let catalog = Catalog(interfaces: snapshot.tree.interfaces, peers: snapshot.tree.peers())
        let counts = Dictionary(grouping: catalog.peers, by: \.interface).mapValues(\.count)
        console.result(
            text: text(catalog, counts, console.style),
            json: .object([
                ("document", .string("interfaces")),
                ("exit_code", .number(0)),
                ("revision", .string(snapshot.revision)),
                ("interfaces", .array(catalog.interfaces.map { InterfaceJSON.of($0, peers: counts[$0.name] ?? 0) })),
            ]))
        return .success
    }

    private func text(_ catalog: Catalog, _ counts: [String: Int], _ style: TextStyle) -> String {
        guard !catalog.interfaces.isEmpty else {
            return "no interfaces: add one with `wirebuddy interface add\(global.repeated)`\n"
        }
        var table = TextTable(["INTERFACE", "ADDRESS", "PORT", "STATUS", "PEERS"])
        for interface in catalog.interfaces {
            table.append([
                interface.name, interface.address.map(\.description).joined(separator: ", "),
                "\(interface.listenPort)", interface.enabled ? "enabled" : "stopped",
                "\(counts[interface.name] ?? 0)",
            ])
        }
        return table.render(style)
    }
}

/// A declared interface as JSON.
enum InterfaceJSON {
    static func of(_ interface: Interface, peers: Int) -> JSONValue {
        .object([
            ("name", .string(interface.name)),
            ("address", .array(interface.address.map { .string($0.description) })),
            ("listen_port", .number(Int(interface.listenPort))),
            ("enabled", .boolean(interface.enabled)),
            ("endpoint", .optional(interface.endpoint?.description)),
            ("backend", .string(interface.backend.rawValue)),
            ("peer_count", .number(peers)),
            ("description", .string(interface.description)),
            ("file", .string(interface.location.path)),
            ("line", .number(interface.location.line)),
        ])
    }
}
