import Model

/// The forwards of a catalog in the firewall's terms.
struct DesiredForwards {
    let catalog: Catalog
    /// Whether an interface runs and is ours.
    let isInForce: (Interface) -> Bool

    /// The entries; nil if there are none and never were any since the host started, so that nothing has to be stopped.
    func compiled(wereUsed: Bool) -> FirewallForwards? {
        guard !catalog.forwards.isEmpty || wereUsed else { return nil }
        let interfaces = catalog.interfaces.filter(isInForce)
        let byName = Dictionary(interfaces.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let directory = PeerDirectory(catalog.peers)
        let entries = catalog.forwards.flatMap { forward -> [FirewallForward] in
            guard let peer = directory.peer(forward.to.peer).map({ catalog.peers[$0] }),
                let interface = byName[peer.interface]
            else { return [] }
            return AddressFamily.allCases.compactMap { entry(forward, peer, interface, $0) }
        }
        return FirewallForwards(
            entries: entries.sorted(by: Self.order),
            tunnelAddresses: Array(Set(interfaces.flatMap { $0.address.map(\.address) })).sorted())
    }

    private func entry(
        _ forward: Forward, _ peer: Peer, _ interface: Interface, _ family: AddressFamily
    ) -> FirewallForward? {
        guard let address = peer.ip.first(where: { $0.family == family }) else { return nil }
        let sources = forward.from.filter { $0.family == family }.sorted()
        // Limited to sources of the other family.
        if sources.isEmpty, !forward.from.isEmpty { return nil }
        let accepted: [Prefix]? =
            switch peer.routingMode {
            case .fullTunnel, .fullTunnelKeepLAN: nil
            case .vpnOnly: interface.prefixes
            case .splitTunnel: peer.allowedIPs.sorted()
            }
        return FirewallForward(
            link: forward.interface, transport: forward.transport, port: forward.port,
            sources: sources.contains { $0.isDefault } ? [] : sources,
            target: SocketAddress(address, port: forward.targetPort), interface: interface.name,
            acceptedSources: accepted)
    }

    private static func order(_ a: FirewallForward, _ b: FirewallForward) -> Bool { text(a) < text(b) }

    /// Everything that tells entries apart; also what the digest of the policy is made of.
    static func text(_ forward: FirewallForward) -> String {
        let prefixes = { (list: [Prefix]) in list.map(\.description).joined(separator: ",") }
        return "\(forward.transport.rawValue) \(forward.port) \(forward.link ?? "") \(forward.target)"
            + " \(forward.interface) \(prefixes(forward.sources)) \(forward.acceptedSources.map(prefixes) ?? "all")"
    }
}
