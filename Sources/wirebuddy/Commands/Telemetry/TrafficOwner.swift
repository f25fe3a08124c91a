import Gateway
import Manifest
import Reconciler

/// Whose traffic is asked for.
enum TrafficOwner {
    /// All interfaces together, of these names.
    case gateway([String])
    /// An interface.
    case interface(String)
    /// A peer.
    case peer(SeenPeer)

    /// Finds who is meant: nobody (all), an interface by its name, a peer by its name, as interface/name, or by its id.
    /// A name that an interface and a peer have is the interface's; the peer is interface/name.
    ///
    /// - Throws: ``CommandFailure`` when there is nobody, or several are.
    static func find(_ text: String?, _ daemon: DaemonClient) async throws -> TrafficOwner {
        let interfaces = try await daemon.interfaces().map(\.name)
        guard let text else { return .gateway(interfaces) }
        if interfaces.contains(text) { return .interface(text) }
        let peers = try await daemon.peers()
        let found = peers.filter { [$0.name, $0.fullName, $0.id].contains(text) }
        if let peer = found.first, found.count == 1 { return .peer(peer) }
        let failure: GatewayFailure =
            found.isEmpty
            ? .notFound(
                kind: "Peer", name: text,
                similar: Manifest.closest(to: text, in: peers.map(\.name) + interfaces).map { [$0] } ?? [])
            : .ambiguous(kind: "Peer", name: text, choices: found.map(\.fullName))
        throw CommandFailure(.error, failure.description)
    }

    /// What it is called.
    var title: String {
        switch self {
        case .gateway: "all interfaces"
        case .interface(let name): "interface \(name)"
        case .peer(let peer): "peer \(peer.fullName)"
        }
    }

    /// Which bytes are counted.
    var counted: String {
        switch self {
        case .peer: "encrypted"
        case .gateway, .interface: "inner"
        }
    }
}
