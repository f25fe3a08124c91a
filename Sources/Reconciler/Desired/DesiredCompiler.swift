public import Model

/// Compiles a catalog into a ``DesiredState``. Pure: everything it needs is in its fields.
public struct DesiredCompiler: Sendable {
    /// The declared state.
    public var catalog: Catalog
    /// The facts of the host that desired values depend on.
    public var facts: HostFacts
    /// Private keys of interfaces by name; an absent one has still to be generated.
    public var interfaceKeys: [String: SecretKey]
    /// Secrets by their use; a missing one makes its object a problem.
    public var secrets: [SecretUse: Result<SecretKey, SecretFailure>]
    /// Addresses of endpoint names.
    public var addresses: [String: IPAddress]
    /// Emergency revocations.
    public var revocations: [Revocation]
    /// Expiries that were enforced before: a clock that was set back un-expires nobody.
    public var expired: [PeerID: Timestamp]
    /// The peers that are known from before: who was given an identifier keeps it.
    public var known: [PeerID: KnownPeer]
    /// The kernel parameters we wrote before.
    public var ownedSysctls: Set<Sysctl>
    /// The firewall programs in whose chains our traffic is let pass.
    public var integrations: Set<FirewallIntegration>
    /// The instant expiry is judged at.
    public var now: Timestamp
    /// The digest.
    public var digest: any Digest
    /// What was compiled before, of which most may still hold. It changes nothing but the time this takes.
    var earlier: EarlierPeers?

    /// A compiler for a catalog; secrets, addresses and history start empty.
    public init(catalog: Catalog, facts: HostFacts, now: Timestamp, digest: any Digest) {
        self.catalog = catalog
        self.facts = facts
        self.now = now
        self.digest = digest
        interfaceKeys = [:]
        secrets = [:]
        addresses = [:]
        revocations = []
        expired = [:]
        known = [:]
        ownedSysctls = []
        integrations = []
    }

    /// The desired state.
    public func compile() -> DesiredState {
        var state = DesiredState()
        // Most are who they were: what is known is shared, and only what differs is written.
        state.peers = known
        state.blockedKeys = Set(revocations.lazy.filter { $0.until > now }.map(\.publicKey))
        let peers = peersByInterface
        var earlier = earlier.flatMap { $0.hold(under: catalog.settings) ? $0 : nil }
        var firewall = FirewallParts()
        firewall.access = AccessClasses(catalog, digest: digest)
        for interface in catalog.interfaces {
            let compiled = compile(interface, peers: peers[interface.name] ?? [], &earlier, into: &state, &firewall)
            if let compiled { state.interfaces.append(compiled) }
        }
        forgetUndeclared(in: &state)
        state.rules = Array(Set(state.rules)).sorted {
            ($0.family, $0.priority, $0.table) < ($1.family, $1.priority, $1.table)
        }
        compileFirewall(firewall, into: &state)
        compileForeignRules(into: &state)
        compileSysctls(into: &state)
        state.projections = DesiredProjections(catalog, digest: digest)
        state.policies = DesiredPolicies(catalog, digest: digest)
        return state
    }

    /// The catalog has the peers of one interface after those of another.
    private var peersByInterface: [String: ArraySlice<Peer>] {
        var slices: [String: ArraySlice<Peer>] = [:]
        var rest = catalog.peers[...]
        while let name = rest.first?.interface {
            let end = rest.firstIndex { $0.interface != name } ?? rest.endIndex
            slices[name] = rest[..<end]
            rest = rest[end...]
        }
        return slices
    }

    private func compile(
        _ interface: Interface, peers: ArraySlice<Peer>, _ earlier: inout EarlierPeers?, into state: inout DesiredState,
        _ firewall: inout FirewallParts
    ) -> DesiredInterface? {
        let object = ObjectID(.interface, interface.name)
        var privateKey = interfaceKeys[interface.name]
        if let use = interface.privateKeyUse(catalog.settings) {
            switch secrets[use] {
            case .success(let key): privateKey = key
            case .failure(let failure): state.problems[object] = failure.description
            case nil: state.problems[object] = "\(use.reference) was not resolved"
            }
        }
        var desired: [DesiredPeer] = []
        desired.reserveCapacity(peers.count)
        var isolated = PeerSources<Bool>()
        var enforced = PeerSources<Bool>()
        var classes = PeerSources<String?>()
        let isInForce = isInForce(interface)
        for peer in peers {
            // Asked for every declared peer, so that those who expire and are revoked change members only.
            let accessClass = isInForce ? firewall.access?.identifier(of: peer) : nil
            guard let compiled = compile(peer, &earlier, into: &state) else { continue }
            isolated.add(compiled.allowedIPs, tag: peer.isolated ?? interface.isolatePeers)
            enforced.add(compiled.allowedIPs, tag: peer.dns.isEnforced(on: interface))
            if firewall.access != nil { classes.add(compiled.allowedIPs, tag: accessClass) }
            desired.append(compiled)
        }
        firewall.isolate(isolated.prefixesByTag[true] ?? [])
        for (accessClass, prefixes) in classes.prefixesByTag {
            if let accessClass { firewall.control(prefixes, as: accessClass, on: interface.name) }
        }
        if isInForce, let dns = catalog.dns?.enforcement(on: interface, peers: peers) {
            firewall.enforce(dns, for: enforced.prefixesByTag[true] ?? [], on: interface.name)
        }
        desired = Self.sorted(desired)
        var fwmark = interface.fwmark
        if isInForce {
            let plan = RoutePlan(interface, allowedIPs: desired.lazy.flatMap(\.allowedIPs))
            state.routes += plan.routes
            state.rules += plan.rules
            fwmark = plan.fwmark
        }
        var compiled = DesiredInterface(
            name: interface.name, backend: interface.backend,
            mtu: mtu(of: interface, peers: desired), isUp: interface.enabled, addresses: interface.address.sorted(),
            privateKey: privateKey, listenPort: interface.listenPort, fwmark: fwmark, peers: desired,
            unmanagedPeers: interface.unmanagedPeers, adopt: interface.adopt,
            drift: interface.drift ?? catalog.settings.reconcile.drift, digest: "")
        compiled.digest = digest(of: compiled)
        compiled.identity =
            InterfaceIdentity(
                port: interface.listenPort, key: privateKey, isDeclared: interface.privateKey != nil, digest: digest
            ).text
        return compiled
    }

    /// Whether the interface runs and is ours or to be taken over: only then the host around it is arranged for it.
    func isInForce(_ interface: Interface) -> Bool {
        interface.enabled && (interface.adopt || !facts.foreignLinks.contains(interface.name))
    }

    /// Sorted by public key; each peer is moved once.
    private static func sorted(_ peers: [DesiredPeer]) -> [DesiredPeer] {
        let order = peers.indices.map { (key: peers[$0].publicKey, index: $0) }.sorted { $0.key < $1.key }
        return order.map { peers[$0.index] }
    }

    private func compile(_ peer: Peer, _ earlier: inout EarlierPeers?, into state: inout DesiredState) -> DesiredPeer? {
        let id = PeerID(interface: peer.interface, publicKey: peer.publicKey)
        note(peer, id, in: &state)
        if let cause = revocationCause(of: peer, id: id, blocked: state.blockedKeys) {
            state.revoked[id] = RevokedPeer(name: "\(peer.interface)/\(peer.name)", cause: cause)
            return nil
        }
        if let same = earlier?.take(peer) { return same }
        let name = "\(peer.interface)/\(peer.name)"
        var presharedKey: SecretKey?
        if let use = peer.presharedKeyUse(catalog.settings) {
            switch secrets[use] {
            case .success(let key): presharedKey = key
            case .failure(let failure): state.problems[ObjectID(.peer, name)] = failure.description
            case nil: state.problems[ObjectID(.peer, name)] = "\(use.reference) was not resolved"
            }
        }
        var endpoint: SocketAddress?
        var isName = false
        switch peer.endpoint?.host {
        case .address(let address): endpoint = SocketAddress(address, port: peer.endpoint?.port ?? 0)
        case .name(let host):
            isName = true
            endpoint = addresses[host].map { SocketAddress($0, port: peer.endpoint?.port ?? 0) }
        case nil: break
        }
        var allowedIPs = peer.serverAllowedIPs
        if allowedIPs.count > 1 { allowedIPs = Array(Set(allowedIPs)).sorted() }
        var compiled = DesiredPeer(
            publicKey: peer.publicKey, name: name, presharedKey: presharedKey, endpoint: endpoint,
            declaredEndpoint: peer.endpoint?.description, endpointIsName: isName,
            persistentKeepalive: peer.endpoint == nil
                ? 0 : peer.persistentKeepalive ?? catalog.settings.peers.persistentKeepalive,
            allowedIPs: allowedIPs, dns: PeerDNSFields(peer.dns), digest: "")
        compiled.digest = digest(of: compiled)
        return compiled
    }

    /// Who the peer is: with the identifier that its document gives, else the one it had before, else one made of what
    /// identifies it.
    private func note(_ peer: Peer, _ id: PeerID, in state: inout DesiredState) {
        let before = state.peers[id]
        if let before, before.addresses == peer.ip, peer.id == nil || peer.id == before.id { return }
        let identifier =
            peer.id ?? before?.id
            ?? PeerIdentifier.derived(
                repositoryID: catalog.settings.repositoryID ?? "", interface: peer.interface,
                publicKey: peer.publicKey, digest: digest)
        state.peers[id] = KnownPeer(id: identifier, addresses: peer.ip)
    }

    /// Forgets who peers are that are no longer declared.
    private func forgetUndeclared(in state: inout DesiredState) {
        guard state.peers.count > catalog.peers.count else { return }
        let declared = Set(catalog.peers.lazy.map { PeerID(interface: $0.interface, publicKey: $0.publicKey) })
        state.peers = state.peers.filter { declared.contains($0.key) }
    }

    private func revocationCause(of peer: Peer, id: PeerID, blocked: Set<PublicKey>) -> RevokedPeer.Cause? {
        if blocked.contains(peer.publicKey) { return .emergency }
        if !peer.enabled { return .disabled }
        guard let expiry = peer.expiresAt else { return nil }
        if expiry <= now || expired[id] == expiry { return .expired(expiry) }
        return nil
    }

    private func mtu(of interface: Interface, peers: [DesiredPeer]) -> Int {
        if case .fixed(let mtu) = interface.mtu { return mtu }
        let routes = peers.compactMap { peer in peer.endpoint.flatMap { facts.routeMTUs[$0.address] } }
        return Self.automaticMTU(routes: routes, defaultRoute: facts.defaultRouteMTU)
    }

    /// What `mtu: auto` means, in bytes.
    ///
    /// - Parameters:
    ///   - routes: the MTUs of the routes to pinned endpoints.
    ///   - defaultRoute: the MTU of the default route, which counts where there is no pinned endpoint.
    public static func automaticMTU(routes: [Int], defaultRoute: Int?) -> Int {
        // 80 = IPv6 header 40 + UDP 8 + WireGuard 32, as wg-quick(8) does it.
        min(max((routes.min() ?? defaultRoute ?? 1500) - 80, 1280), 65_455)
    }

    private func digest(of interface: DesiredInterface) -> String {
        var form = CanonicalForm()
        form.append(interface.name)
        form.append(
            "\(interface.mtu) \(interface.isUp) \(interface.listenPort) \(interface.fwmark) \(interface.backend)")
        for address in interface.addresses { form.append(address.description) }
        if let key = interface.privateKey { key.withBytes { form.append(digest.digest($0).bytes) } }
        return digest.digest(form.bytes).description
    }

    private func digest(of peer: DesiredPeer) -> String {
        var form = CanonicalForm()
        form.append(peer.publicKey.bytes)
        if let key = peer.presharedKey { key.withBytes { form.append(digest.digest($0).bytes) } }
        form.append([UInt8(peer.persistentKeepalive >> 8), UInt8(peer.persistentKeepalive & 0xFF)])
        for prefix in peer.allowedIPs {
            form.append(prefix.address.bytes + [UInt8(prefix.length)])
        }
        return digest.digest(form.bytes).description
    }
}
