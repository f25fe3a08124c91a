public import Manifest
public import Model

/// How people name a peer: `phone` where only one interface has it, `wg0/phone`, or its id.
public struct PeerSelector: Sendable, Hashable {
    /// The interface, where it was named.
    public let interface: String?
    /// The name or id.
    public let name: String
    /// Whether `name` is an id and nothing else, and where the peer of that id stood last.
    private let isID: Bool
    private let last: ObjectIdentity?

    /// A peer of an interface, or of any (nil).
    public init(interface: String? = nil, name: String) {
        self.interface = interface
        self.name = name
        isID = false
        last = nil
    }

    /// The peer of an id, whatever its name is.
    ///
    /// - Parameter last: where it stood when somebody looked; while it does, not every peer is looked at.
    public init(id: String, last: ObjectIdentity? = nil) {
        interface = nil
        name = id.lowercased()
        isID = true
        self.last = last
    }

    /// Reads `phone` or `wg0/phone`; a name holds no slash.
    public init(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        self.init(interface: parts.count == 2 ? parts[0] : nil, name: parts[parts.count - 1])
    }

    /// As it was written.
    public var text: String { interface.map { "\($0)/\(name)" } ?? name }

    /// The peer as its document says.
    ///
    /// - Throws: ``GatewayFailure/notFound(kind:name:similar:)`` or ``GatewayFailure/ambiguous(kind:name:choices:)``.
    public func peer(in tree: ManifestTree) throws(GatewayFailure) -> Peer {
        if isID { return try peerOfID(in: tree) }
        let found =
            if let interface { tree.peer(name, of: interface).map { [$0] } ?? [] } else { tree.peers(named: name) }
        if found.count == 1 { return found[0] }
        guard found.isEmpty else {
            throw .ambiguous(kind: "Peer", name: name, choices: found.map { "\($0.interface)/\($0.name)" })
        }
        if let interface, tree.interface(interface) == nil {
            throw .noInterface(interface, in: tree)
        }
        let all = tree.peers(of: interface)
        if let peer = all.first(where: { PeerIdentity.of($0, in: tree) == name.lowercased() }) {
            return peer
        }
        let similar = Manifest.closest(to: name, in: all.lazy.map(\.name))
        let matches = all.filter { $0.name == similar }.map {
            interface == nil ? $0.name : "\($0.interface)/\($0.name)"
        }
        throw .notFound(kind: "Peer", name: text, similar: Array(matches.prefix(3)))
    }
}

extension PeerSelector {
    private func peerOfID(in tree: ManifestTree) throws(GatewayFailure) -> Peer {
        if let last, let interface = last.interface, let peer = tree.peer(last.name, of: interface),
            PeerIdentity.of(peer, in: tree) == name
        {
            return peer
        }
        guard let peer = tree.peers().first(where: { PeerIdentity.of($0, in: tree) == name }) else {
            throw .notFound(kind: "Peer", name: name, similar: [])
        }
        return peer
    }
}

extension GatewayFailure {
    /// No interface of that name.
    static func noInterface(_ name: String, in tree: ManifestTree) -> GatewayFailure {
        let names = tree.interfaces.map(\.name)
        let close = Manifest.closest(to: name, in: names).map { [$0] }
        return .notFound(kind: "Interface", name: name, similar: close ?? (names.count <= 3 ? names : []))
    }
}
