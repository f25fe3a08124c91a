import ArgumentParser
import Gateway
import Manifest
import Model
import Reconciler

/// `wirebuddy peer list`.
struct PeerListCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the declared peers; with root also their last handshakes.",
        discussion: "Example: wirebuddy peer list --interface wg0 --format json")

    @OptionGroup var global: GlobalOptions

    @Option(name: .long, help: ArgumentHelp("Only the peers of this interface.", valueName: "name"))
    var interface: String?

    func execute(_ console: Console) async throws -> ExitStatus {
        let composition = try GatewayComposition(global)
        let snapshot = try await GatewaySession.snapshot(composition)
        let tree = snapshot.tree
        do {
            if let interface { _ = try InterfaceQuery.interface(interface, in: tree) }
        } catch {
            throw CommandFailure(.error, error.description)
        }
        let peers = Catalog(interfaces: [], peers: tree.peers(of: interface)).peers
        let now = composition.clock.now()
        let sessions = await Sessions.read(Set(peers.map(\.interface)).sorted(), composition)
        console.result(
            text: text(peers, sessions, now, console.style),
            json: .object([
                ("document", .string("peers")),
                ("exit_code", .number(0)),
                ("revision", .string(snapshot.revision)),
                ("observed_at", .optional(sessions.takenAt?.description)),
                ("peers", .array(peers.map { PeerJSON($0, tree, sessions, now).summary })),
            ]))
        return .success
    }

    private func text(_ peers: [Peer], _ sessions: Sessions, _ now: Timestamp, _ style: TextStyle) -> String {
        guard !peers.isEmpty else { return "no peers: add one with `wirebuddy peer add NAME\(global.repeated)`\n" }
        var table = TextTable(["PEER", "ADDRESS", "STATUS", "LAST HANDSHAKE"])
        for peer in peers {
            let handshake = sessions.lastHandshake(of: peer).map {
                Counting.duration(seconds: max(0, now.seconds - $0.seconds)) + " ago"
            }
            table.append([
                "\(peer.interface)/\(peer.name)",
                peer.ip.isEmpty ? "-" : peer.ip.map(\.description).joined(separator: ", "),
                sessions.status(of: peer, at: now), handshake ?? "-",
            ])
        }
        return table.render(style)
    }
}
