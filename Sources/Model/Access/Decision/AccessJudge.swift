/// Decides about connections as the firewall does, step by step and document by document, so that it can say why.
public struct AccessJudge: Sendable {
    let catalog: Catalog
    let policy: AccessPolicy
    let directory: PeerDirectory
    let owners: AddressOwners
    private let interfaces: [String: Interface]
    /// Where the queries of enforced peers go, by interface; no entry: nothing is enforced there.
    private let enforcements: [String: FirewallDNS]
    /// Where each document leads to.
    private let destinations: [[Prefix]]

    /// The judge of a catalog whose references are valid.
    public init(_ catalog: Catalog, digest: any Digest) {
        self.catalog = catalog
        policy = AccessPolicy(catalog, digest: digest)
        let directory = PeerDirectory(catalog.peers)
        self.directory = directory
        owners = AddressOwners(catalog.peers)
        interfaces = Dictionary(catalog.interfaces.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let peers = Dictionary(grouping: catalog.peers, by: \.interface)
        var enforcements: [String: FirewallDNS] = [:]
        for interface in catalog.interfaces {
            enforcements[interface.name] = catalog.dns?.enforcement(on: interface, peers: peers[interface.name] ?? [])
        }
        self.enforcements = enforcements
        destinations = policy.rules.map { $0.to.flatMap { directory.prefixes(of: $0) } }
    }

    /// What becomes of a connection that a peer opens through the gateway.
    ///
    /// - Parameters:
    ///   - peer: the peer, by its place in the catalog.
    ///   - address: where to; not an address of the gateway.
    ///   - service: what for; one port, or ICMP.
    public func decide(from peer: Int, to address: IPAddress, for service: Service) -> AccessDecision {
        redirected(from: peer, address.family, service) ?? decideForwarded(from: peer, to: address, for: service)
    }

    /// What becomes of a connection that was not sent to the forwarder before.
    func decideForwarded(from peer: Int, to address: IPAddress, for service: Service) -> AccessDecision {
        let naming = rules(about: peer).filter { names($0, address, service) }.map { policy.rules[$0] }
        let allowing = naming.filter { $0.action == .allow }.map { AccessStatement($0) }
        if let owner = owners.owner(of: address) {
            let isolated = peer == owner ? [peer] : [peer, owner]
            let names = isolated.filter { isIsolated($0) }.map { name(of: $0) }
            if !names.isEmpty { return AccessDecision(.deny, .isolation(names), over: allowing) }
        }
        if goesAround(peer, service) { return AccessDecision(.deny, .enforcement) }
        if let denying = naming.first(where: { $0.action == .deny }) {
            return AccessDecision(.deny, .document(AccessStatement(denying)), over: allowing)
        }
        if let first = allowing.first { return AccessDecision(.allow, .document(first)) }
        return fallback(peer)
    }

    /// What becomes of a connection that a peer opens to the gateway itself.
    public func decideInput(from peer: Int, family: AddressFamily, for service: Service) -> AccessDecision {
        if let redirected = redirected(from: peer, family, service) { return redirected }
        let name = catalog.peers[peer].interface
        let input = interfaces[name]?.input ?? .allow
        if input.allows(service) { return AccessDecision(.allow, .input(interface: name, input)) }
        // Redirected queries come in there, so that the ports are open to all peers of the interface.
        if service.transport != .icmp,
            let open = enforcements[name]?.forwarders.first(where: { service.ports?.contains($0.port) ?? false })
        {
            return AccessDecision(.allow, .forwarder(open))
        }
        return AccessDecision(.deny, .input(interface: name, input))
    }

    /// `interface/name` of a peer.
    func name(of peer: Int) -> String { "\(catalog.peers[peer].interface)/\(catalog.peers[peer].name)" }

    /// What documents say that don't name the connection.
    private func fallback(_ peer: Int) -> AccessDecision {
        let rules = rules(about: peer).map { policy.rules[$0] }
        if rules.isEmpty { return AccessDecision(.allow, .ungoverned) }
        guard let denying = rules.first(where: { $0.effectiveFallback == .deny }) else {
            return AccessDecision(.allow, .unnamed)
        }
        // Only what was written: the default of a document that denies is to say nothing about the rest.
        let allowing = rules.filter { $0.fallback == .allow }.map { AccessStatement(defaultOf: $0) }
        return AccessDecision(.deny, .document(AccessStatement(defaultOf: denying)), over: allowing)
    }

    /// The documents whose `from` holds the peer, by name.
    private func rules(about peer: Int) -> [Int] {
        policy.selectors(of: catalog.peers[peer]).flatMap { policy.selectors[$0].rules }.sorted()
    }

    private func names(_ rule: Int, _ address: IPAddress, _ service: Service) -> Bool {
        ServiceSet(policy.rules[rule].ports).contains(service) && destinations[rule].contains { $0.contains(address) }
    }

    private func isIsolated(_ number: Int) -> Bool {
        let peer = catalog.peers[number]
        return peer.isolated ?? interfaces[peer.interface]?.isolatePeers ?? false
    }

    /// Queries of enforced peers end at the forwarder, wherever they were sent.
    func redirected(from peer: Int, _ family: AddressFamily, _ service: Service) -> AccessDecision? {
        guard let dns = enforcement(of: peer), service.ports == 53...53 else { return nil }
        return dns.forwarders.first { $0.address.family == family }.map { AccessDecision(.allow, .forwarder($0)) }
    }

    private func goesAround(_ peer: Int, _ service: Service) -> Bool {
        guard let dns = enforcement(of: peer) else { return false }
        return service.ports == 53...53 || dns.rejectsTLS && service.ports == 853...853
    }

    private func enforcement(of number: Int) -> FirewallDNS? {
        let peer = catalog.peers[number]
        guard let interface = interfaces[peer.interface], peer.dns.isEnforced(on: interface) else { return nil }
        return enforcements[interface.name]
    }
}
