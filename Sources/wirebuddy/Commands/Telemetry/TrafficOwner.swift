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
        let found = try await peers(text, interfaces, daemon)
        if let peer = found.first, found.count == 1 { return .peer(peer) }
        guard found.isEmpty else {
            let choices = found.map(\.fullName)
            throw CommandFailure(
                .error, GatewayFailure.ambiguous(kind: "Peer", name: text, choices: choices).description)
        }
        let names = try await daemon.peers().map(\.name) + interfaces
        let similar = Manifest.closest(to: text, in: names).map { [$0] } ?? []
        throw CommandFailure(.error, GatewayFailure.notFound(kind: "Peer", name: text, similar: similar).description)
    }

    /// The peers that a text may mean. Not all of them are asked for: there may be thousands.
    private static func peers(
        _ text: String, _ interfaces: [String], _ daemon: DaemonClient
    ) async throws -> [SeenPeer] {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        let name = parts[parts.count - 1]
        let isKnown = parts.count == 1 || interfaces.contains(parts[0])
        // Longer than any name is what the API does not look for.
        guard isKnown, !name.isEmpty, name.utf8.count <= 128 else { return [] }
        let place = parts.count == 2 ? "&interface=\(TargetText.escaped(parts[0]))" : ""
        let named = try await daemon.peers("search=\(TargetText.escaped(name))\(place)").filter { $0.name == name }
        guard named.isEmpty, parts.count == 1 else { return named }
        do {
            return [try await daemon.get("/api/peers/\(TargetText.escaped(text.lowercased()))")]
        } catch let refusal as DaemonRefusal where [400, 404].contains(refusal.status) {
            return []
        }
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
