import ArgumentParser
import Gateway
import Model
import Reconciler

/// `wirebuddy peer show`.
struct PeerShowCommand: GatewayCommand {
    static let configuration = CommandConfiguration(
        commandName: "show",
        abstract: "Show what is declared of a peer, and its last handshake where this host may be looked at.",
        discussion: "Example: wirebuddy peer show wg0/phone")

    @OptionGroup var global: GlobalOptions

    @Argument(help: ArgumentHelp("The peer: its name, interface/name or id.", valueName: "peer"))
    var name: String

    func execute(_ console: Console) async throws -> ExitStatus {
        let composition = try GatewayComposition(global)
        let snapshot = try await GatewaySession.snapshot(composition)
        let peer: Peer
        do {
            peer = try PeerSelector(name).peer(in: snapshot.tree)
        } catch {
            throw CommandFailure(.error, error.description)
        }
        let now = composition.clock.now()
        let sessions = await Sessions.read([peer.interface], composition)
        console.result(
            text: rows(peer, PeerQuery.id(of: peer, in: snapshot.tree), sessions, now).render(console.style),
            json: .object([
                ("document", .string("peer")),
                ("exit_code", .number(0)),
                ("revision", .string(snapshot.revision)),
                ("observed_at", .optional(sessions.takenAt?.description)),
                ("peer", PeerJSON(peer, snapshot.tree, sessions, now).details),
            ]))
        return .success
    }

    private func rows(_ peer: Peer, _ id: String?, _ sessions: Sessions, _ now: Timestamp) -> TextRows {
        var rows = TextRows()
        rows.add("peer", "\(peer.interface)/\(peer.name)")
        rows.add("status", sessions.status(of: peer, at: now))
        rows.add("last handshake", sessions.lastHandshake(of: peer)?.description)
        rows.add("ip", peer.ip.map(\.description).joined(separator: ", "))
        rows.add("dns_name", peer.dnsName)
        rows.add("routing_mode", peer.routingMode.rawValue)
        rows.add("allowed_ips", peer.allowedIPs.map(\.description).joined(separator: ", "))
        rows.add("routes", peer.routes.map(\.description).joined(separator: ", "))
        rows.add("endpoint", peer.endpoint?.description)
        rows.add("owner", peer.owner)
        rows.add("expires_at", peer.expiresAt?.description)
        rows.add("public_key", peer.publicKey.isZero ? nil : peer.publicKey.description)
        let held = peer.publicKey.isZero ? "made when it is applied" : "held by the device"
        rows.add("private_key", peer.privateKey?.description ?? held)
        rows.add("preshared_key", peer.presharedKey?.description)
        rows.add("description", peer.description)
        rows.add(
            "labels", peer.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", "))
        rows.add("id", id)
        rows.add("file", "\(peer.location.path):\(peer.location.line)")
        return rows
    }
}
