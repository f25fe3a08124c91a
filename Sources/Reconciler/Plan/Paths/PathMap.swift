import Model

/// Which way packets to an address take: by one of our interfaces and the peer there, or by another link.
///
/// Routes of other programs in the main table are not known here, only the prefixes of their links: a `/0` behind a peer
/// counts as the way to everything that no link covers.
struct PathMap {
    /// The way to an address.
    enum Way: Hashable {
        /// By a link that is not ours.
        case outside
        /// Into the tunnel of an interface, where no peer takes it.
        case tunnel(String)
        /// To a peer.
        case peer(PeerID)

        var interface: String? {
            switch self {
            case .outside: nil
            case .tunnel(let name): name
            case .peer(let peer): peer.interface
            }
        }
    }

    /// A prefix and the interface of ours that it leads to; nil: another link.
    private struct Lane {
        var prefix: Prefix
        var interface: String?
        /// The sources it is for; empty: all.
        var sources: [Prefix] = []
    }

    private var lanes: [Lane] = []
    private var takers: [String: [(key: PublicKey, allowedIPs: [Prefix])]] = [:]

    /// The ways as they are.
    init(observed input: PlanInput) {
        let state = input.observed
        for link in state.links where link.isUp {
            let name = state.devices[link.name] == nil ? nil : link.name
            lanes += link.addresses.map { Lane(prefix: $0.prefix, interface: name) }
        }
        for (name, device) in state.devices { takers[name] = device.peers.map { ($0.publicKey, $0.allowedIPs) } }
        add(state.routes.filter { state.devices[$0.interface] != nil }, state.rules)
    }

    /// The ways as they would be.
    init(desired input: PlanInput) {
        let (state, desired) = (input.observed, input.desired)
        let ours = Set(input.inventory.interfaces.keys).union(desired.interfaces.lazy.map(\.name))
        for link in state.links where link.isUp && !ours.contains(link.name) {
            lanes += link.addresses.map { Lane(prefix: $0.prefix, interface: nil) }
        }
        for interface in desired.interfaces where interface.isUp {
            lanes += interface.addresses.map { Lane(prefix: $0.prefix, interface: interface.name) }
            takers[interface.name] = interface.peers.map { ($0.publicKey, $0.allowedIPs) }
        }
        add(desired.routes, desired.rules)
    }

    private mutating func add(_ routes: [Route], _ rules: [Rule]) {
        for route in routes {
            if route.table == Route.mainTable {
                lanes.append(Lane(prefix: route.destination, interface: route.interface))
                continue
            }
            // A table of its own counts where a rule leads to it.
            let leading = rules.filter { $0.table == route.table && $0.family == route.destination.family }
            guard !leading.isEmpty else { continue }
            let sources = leading.contains { $0.source == nil } ? [] : leading.compactMap(\.source)
            lanes.append(Lane(prefix: route.destination, interface: route.interface, sources: sources))
        }
    }

    /// The way to an address, for packets from `source` where that is known.
    func way(to address: IPAddress, from source: IPAddress?) -> Way {
        var best: Lane?
        for lane in lanes where lane.prefix.contains(address) {
            if !lane.sources.isEmpty, let source, !lane.sources.contains(where: { $0.contains(source) }) { continue }
            if !lane.sources.isEmpty, source == nil { continue }
            guard let known = best else {
                best = lane
                continue
            }
            if lane.prefix.length > known.prefix.length
                || lane.prefix.length == known.prefix.length && known.interface == nil
            {
                best = lane
            }
        }
        guard let name = best?.interface else { return .outside }
        var taker: (key: PublicKey, length: Int)?
        for peer in takers[name] ?? [] {
            for prefix in peer.allowedIPs where prefix.contains(address) && prefix.length > taker?.length ?? -1 {
                taker = (peer.key, prefix.length)
            }
        }
        return taker.map { .peer(PeerID(interface: name, publicKey: $0.key)) } ?? .tunnel(name)
    }
}
