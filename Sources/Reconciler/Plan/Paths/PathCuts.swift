import Model

/// The changes of a plan that cut a watched path, and which one. Drift repair and revocations are none of them.
struct PathCuts {
    /// The cut paths in words, by the index of the change.
    typealias Cuts = [Int: Set<String>]

    /// Connections of people who administer the host.
    private(set) var connections: Cuts = [:]
    /// Ways to the git remote.
    private(set) var remotes: Cuts = [:]

    private let input: PlanInput
    private let changes: [Change]

    /// Costs nothing where no path is watched.
    init(_ input: PlanInput, _ changes: [Change]) {
        self.input = input
        self.changes = changes
        let paths = input.observed.paths
        guard !paths.isEmpty, changes.contains(where: { Self.counts($0) }) else { return }
        let (before, after) = (PathMap(observed: input), PathMap(desired: input))
        let own = Set(input.observed.links.flatMap { $0.addresses.map(\.address) })
        for connection in paths.connections where !own.contains(connection.remote.address) {
            let (remote, local) = (connection.remote.address, connection.local)
            let way = before.way(to: remote, from: local.address)
            let cutting =
                cuts(of: way, into: after.way(to: remote, from: local.address), to: remote, local: local.address)
                + inputCuts(way, port: local.port)
            let text = "the \(connection.service.rawValue) connection from \(remote) \(words(way))"
            for index in cutting { connections[index, default: []].insert(text) }
        }
        for host in paths.remotes where !own.contains(host.address) {
            let way = before.way(to: host.address, from: nil)
            // A remote among our own addresses of the tunnel is a peer: until its interface is there, nothing reaches it.
            if case .outside = way, isInsideTunnel(host.address) { continue }
            let cutting = cuts(of: way, into: after.way(to: host.address, from: nil), to: host.address, local: nil)
            let name = host.name == host.address.description ? host.name : "\(host.name) (\(host.address))"
            for index in cutting { remotes[index, default: []].insert("the git remote \(name) \(words(way))") }
        }
    }

    private func isInsideTunnel(_ address: IPAddress) -> Bool {
        input.desired.interfaces.contains { $0.addresses.contains { $0.prefix.contains(address) } }
    }

    /// The indices of all cutting changes.
    var indices: Set<Int> { Set(connections.keys).union(remotes.keys) }

    private func words(_ way: PathMap.Way) -> String {
        switch way {
        case .outside: "is reached outside the tunnels"
        case .tunnel(let name): "is reached through \(name)"
        case .peer(let peer):
            "is reached through peer \(changes.first { $0.publicKey == peer.publicKey }?.object.name ?? name(of: peer))"
        }
    }

    private func name(of peer: PeerID) -> String {
        let interface = input.desired.interfaces.first { $0.name == peer.interface }
        if let known = interface?.peers.first(where: { $0.publicKey == peer.publicKey }) { return known.name }
        let record = input.inventory.applied[ObjectID(peer: peer)].map { AppliedRecord($0).name } ?? ""
        return record.isEmpty ? ObjectID(peer: peer).name : record
    }

    private static func counts(_ change: Change) -> Bool { !change.isRevocation && change.reason != .drift }

    private func indices(where isMeant: (Change) -> Bool) -> [Int] {
        changes.indices.filter { Self.counts(changes[$0]) && isMeant(changes[$0]) }
    }

    /// The changes by which a path is interrupted or goes another way.
    private func cuts(
        of way: PathMap.Way, into next: PathMap.Way, to address: IPAddress, local: IPAddress?
    ) -> [Int] {
        var found: [Int] = []
        if let interface = way.interface {
            found += indices { change in
                change.object == ObjectID(.interface, interface) && interrupts(change, local: local)
            }
        }
        if case .peer(let peer) = way {
            // Who is revoked takes his routes along: they are no reason to wait either.
            if changes.contains(where: { $0.isRevocation && $0.publicKey == peer.publicKey }) { return found }
            found += indices { change in
                change.publicKey == peer.publicKey && change.object.interfaceName == peer.interface
                    && (change.action == .delete || change.fields.contains { $0.field == "preshared_key" })
            }
        }
        guard way != next else { return found }
        return found + turns(way, next, to: address)
    }

    /// Whether a change of the path's own interface ends what runs by it.
    private func interrupts(_ change: Change, local: IPAddress?) -> Bool {
        switch change.action {
        // An interface that is made anew with the same key and port goes on after a moment.
        case .delete: change.reason == .prune
        case .create, .adopt: false
        case .update:
            change.fields.contains { field in
                switch field.field {
                case "private_key", "listen_port": true
                case "link": field.after == "down"
                case "address": local.map { isLost($0, on: change.object.name) } ?? false
                default: false
                }
            }
        }
    }

    private func isLost(_ local: IPAddress, on interface: String) -> Bool {
        let had = input.observed.links.first { $0.name == interface }?.addresses.contains { $0.address == local }
        let keeps = input.desired.interfaces.first { $0.name == interface }?.addresses.contains { $0.address == local }
        return had == true && keeps != true
    }

    /// The changes that lead an address another way.
    private func turns(_ way: PathMap.Way, _ next: PathMap.Way, to address: IPAddress) -> [Int] {
        let interfaces = Set([way.interface, next.interface].compactMap(\.self))
        let routes = Set(
            (input.desired.routes + input.observed.routes).lazy.filter { $0.destination.contains(address) }
                .map { ObjectID($0) })
        var keys: Set<PublicKey> = []
        for case .peer(let peer) in [way, next] { keys.insert(peer.publicKey) }
        return indices { change in
            switch change.object.kind {
            case .route: routes.contains(change.object)
            case .rule: true
            case .interface:
                interfaces.contains(change.object.name)
                    && (change.action != .update || change.fields.contains { ["address", "link"].contains($0.field) })
            case .peer:
                change.publicKey.map(keys.contains) ?? false
                    && (change.action != .update || change.fields.contains { $0.field == "allowed_ips" })
            default: false
            }
        }
    }

    /// The change of the firewall after which the gateway takes no packets for the port from the tunnel any more.
    private func inputCuts(_ way: PathMap.Way, port: UInt16) -> [Int] {
        guard let interface = way.interface,
            let policy = input.desired.firewall?.policy.interfaces.first(where: { $0.name == interface }),
            !policy.input.allows(tcp: port)
        else { return [] }
        return indices { $0.object == .firewallTable && $0.action != .delete }
    }
}

extension Plan {
    /// Whether a change of the plan could cut a path: only then it is worth looking for paths.
    var mayCutPaths: Bool {
        changes.contains { change in
            guard !change.isRevocation, change.reason != .drift else { return false }
            switch change.object.kind {
            case .interface, .peer, .route, .rule, .firewall: return true
            default: return false
            }
        }
    }
}

extension InputPolicy {
    /// Whether peers reach a TCP port of the gateway.
    fileprivate func allows(tcp port: UInt16) -> Bool {
        switch self {
        case .allow: true
        case .dnsOnly: port == 53
        case .services(let services): services.contains { $0.transport == .tcp && $0.ports?.contains(port) ?? false }
        }
    }
}
