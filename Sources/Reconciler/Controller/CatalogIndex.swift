import Model

/// What a pass asks about a catalog again and again, found once per revision.
struct CatalogIndex {
    /// The references of interfaces, which are resolved at each pass.
    let interfaceSecrets: [SecretUse]
    /// The references of peers, which are resolved when they may have changed.
    let peerSecrets: [SecretUse]
    /// Peers whose endpoint is a name, by that name.
    let namedEndpoints: [String: [PeerID]]
    /// The name in plans of each such peer.
    let peerNames: [PeerID: String]
    /// The addresses of literal endpoints.
    let endpointAddresses: [IPAddress]
    /// Every expiry of an enabled peer, ascending.
    let expiries: [(at: Timestamp, peer: PeerID)]
    /// The names of the interfaces.
    let interfaces: [String]
    /// The ports of enabled interfaces.
    let listenPorts: [String: UInt16]
    /// The ports that the DNS forwarder answers the peers of interfaces at; that of the first address where they differ.
    let forwarderPorts: [String: UInt16]
    /// The ports that lead to peers.
    let forwardedPorts: [Forward.Transport: Set<UInt16>]

    init(_ catalog: Catalog) {
        var peerSecrets: [SecretUse] = []
        var namedEndpoints: [String: [PeerID]] = [:]
        var peerNames: [PeerID: String] = [:]
        var addresses: Set<IPAddress> = []
        var expiries: [(at: Timestamp, peer: PeerID)] = []
        for peer in catalog.peers {
            if let use = peer.presharedKeyUse(catalog.settings) { peerSecrets.append(use) }
            guard peer.endpoint != nil || peer.expiresAt != nil else { continue }
            let id = PeerID(interface: peer.interface, publicKey: peer.publicKey)
            switch peer.endpoint?.host {
            case .name(let name):
                namedEndpoints[name, default: []].append(id)
                peerNames[id] = "\(peer.interface)/\(peer.name)"
            case .address(let address): addresses.insert(address)
            case nil: break
            }
            if peer.enabled, let expiry = peer.expiresAt { expiries.append((expiry, id)) }
        }
        interfaceSecrets = catalog.interfaces.compactMap { $0.privateKeyUse(catalog.settings) }
        self.peerSecrets = peerSecrets
        self.namedEndpoints = namedEndpoints
        self.peerNames = peerNames
        endpointAddresses = addresses.sorted()
        self.expiries = expiries.sorted { $0.at < $1.at }
        interfaces = catalog.interfaces.map(\.name)
        listenPorts = Dictionary(
            catalog.interfaces.lazy.filter(\.enabled).map { ($0.name, $0.listenPort) }, uniquingKeysWith: { a, _ in a })
        forwarderPorts = Dictionary(
            catalog.interfaces.compactMap { interface in
                (catalog.dns?.addresses(on: interface).first).map { (interface.name, $0.port) }
            }, uniquingKeysWith: { a, _ in a })
        forwardedPorts = Dictionary(grouping: catalog.forwards, by: \.transport).mapValues { Set($0.map(\.port)) }
    }

    /// The first expiry after `now`.
    func nextExpiry(after now: Timestamp) -> Timestamp? {
        var (low, high) = (0, expiries.count)
        while low < high {
            let middle = (low + high) / 2
            if expiries[middle].at > now { high = middle } else { low = middle + 1 }
        }
        return low < expiries.count ? expiries[low].at : nil
    }
}
