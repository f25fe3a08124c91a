import ArgumentParser
import Gateway
import Manifest
import Model
import Reconciler

/// `wirebuddy interface show`.
struct InterfaceShowCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show what is declared of an interface; `wirebuddy status` shows it at work.",
        discussion: "Example: wirebuddy interface show wg0")

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("The interface.", valueName: "name"))
    var name: String

    func execute(_ console: Console) async throws -> ExitStatus {
        let snapshot = try await GatewaySession.snapshot(GatewayComposition(global))
        let interface: Interface
        do {
            interface = try InterfaceQuery.interface(name, in: snapshot.tree)
        } catch {
            throw CommandFailure(.error, error.description)
        }
        let peers = snapshot.tree.peers(of: name).count
        var rows = TextRows()
        rows.add("interface", interface.name)
        rows.add("status", interface.enabled ? "enabled" : "stopped")
        rows.add("address", interface.address.map(\.description).joined(separator: ", "))
        rows.add("listen_port", "\(interface.listenPort)")
        rows.add("endpoint", interface.endpoint?.description)
        rows.add("backend", interface.backend.rawValue)
        rows.add("peers", "\(peers)")
        rows.add("description", interface.description)
        rows.add("file", "\(interface.location.path):\(interface.location.line)")
        console.result(
            text: rows.render(console.style),
            json: .object([
                ("document", .string("interface")),
                ("exit_code", .number(0)),
                ("revision", .string(snapshot.revision)),
                ("interface", InterfaceJSON.of(interface, peers: peers)),
            ]))
        return .success
    }
}
