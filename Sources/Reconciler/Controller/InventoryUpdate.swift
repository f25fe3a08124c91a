import Model

/// What has to be written to the inventory after a pass: only what differs from what it holds.
struct InventoryUpdate {
    /// Digests by object; nil removes an entry.
    var applied: [ObjectID: String?] = [:]
    /// Interfaces whose row changes.
    var outcomes: [OwnedInterface] = []
    /// Interfaces that are no longer ours.
    var forgotten: [String] = []
    /// The structure of our table, if it changes.
    var firewall: FirewallStructure??
    /// Kernel parameters that are no longer ours.
    var releasedSysctls: [Sysctl] = []
    /// Expiries that were enforced.
    var expired: [PeerID: Timestamp] = [:]
    /// Who the declared peers are; nil removes an entry.
    var peers: [PeerID: KnownPeer?] = [:]
    /// Since when addresses are free; nil removes an entry.
    var released: [TunnelAddress: Timestamp?] = [:]
    /// Consents that were used up or count no more.
    var withdrawn: Set<String> = []

    /// Whether there is nothing to write.
    var isEmpty: Bool {
        applied.isEmpty && outcomes.isEmpty && forgotten.isEmpty && firewall == nil && releasedSysctls.isEmpty
            && expired.isEmpty && peers.isEmpty && released.isEmpty && withdrawn.isEmpty
    }

    /// The rows of interfaces as the host shows them: the outcome of intents, also of those a crash left behind.
    mutating func addInterfaces(_ snapshot: InventorySnapshot, _ desired: DesiredState, _ observed: ObservedState) {
        guard !observed.unreadable.contains(where: { $0.part == .links }) else { return }
        let links = Dictionary(observed.links.lazy.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let declared = Dictionary(
            desired.interfaces.lazy.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        for row in snapshot.interfaces.values.sorted(by: { $0.name < $1.name }) {
            switch Ownership(of: links[row.name], row: row, host: observed.host) {
            case .ours:
                guard let link = links[row.name] else { continue }
                var outcome = row
                outcome.host = observed.host
                outcome.index = link.index
                outcome.implementation = observed.devices[row.name]?.implementation ?? row.implementation
                if outcome != row { outcomes.append(outcome) }
            case .absent, .foreign:
                if declared[row.name] == nil { forgotten.append(row.name) }
            }
        }
        // A link with our mark that no row names: its row was lost with an older database.
        for (name, interface) in declared.sorted(by: { $0.key < $1.key }) where snapshot.interfaces[name] == nil {
            guard let link = links[name], link.isMarked, let device = observed.devices[name] else { continue }
            outcomes.append(
                OwnedInterface(
                    name: name, origin: interface.adopt ? .adopted : .created, host: observed.host, index: link.index,
                    implementation: device.implementation))
        }
    }

    /// The digests of what is in sync, and the removal of what is gone. `plan` is what still differs, `earlier` the state
    /// whose records the snapshot holds, if it is known.
    mutating func addApplied(
        _ snapshot: InventorySnapshot, _ desired: DesiredState, _ observed: ObservedState, _ plan: Plan,
        since earlier: DesiredState? = nil
    ) {
        let unsettled = Unsettled(plan, desired, observed)
        // The peers that both have keep their records.
        let records = AppliedRecord.all(of: desired, on: observed.host, without: earlier)
        let known = earlier.map { AppliedRecord.all(of: $0, on: observed.host, without: desired) } ?? snapshot.applied
        for (object, record) in records where snapshot.applied[object] != record {
            if !unsettled.contains(object) { applied.updateValue(record, forKey: object) }
        }
        for object in known.keys where records[object] == nil && snapshot.applied[object] != nil {
            if !unsettled.contains(object) { applied.updateValue(nil, forKey: object) }
        }
        for sysctl in snapshot.sysctls.keys.sorted() where desired.sysctls[sysctl] == nil {
            if !unsettled.contains(ObjectID(sysctl)) { releasedSysctls.append(sysctl) }
        }
    }

    /// Who the peers of the head are, and which addresses are free since a peer is gone. A peer whose removal was not
    /// applied keeps its entry, and with it its addresses. To be called after ``addApplied(_:_:_:_:since:)``.
    mutating func addPeers(_ snapshot: InventorySnapshot, _ desired: DesiredState, now: Timestamp) {
        var freed: Set<TunnelAddress> = []
        for (id, peer) in desired.peers where snapshot.peers[id] != peer {
            peers.updateValue(peer, forKey: id)
            for address in snapshot.peers[id]?.addresses ?? [] where !peer.addresses.contains(address) {
                freed.insert(TunnelAddress(interface: id.interface, address: address))
            }
        }
        for (id, peer) in snapshot.peers where desired.peers[id] == nil {
            let object = ObjectID(peer: id)
            guard (applied[object] ?? snapshot.applied[object]) == nil else { continue }
            peers.updateValue(nil, forKey: id)
            for address in peer.addresses { freed.insert(TunnelAddress(interface: id.interface, address: address)) }
        }
        guard !freed.isEmpty || !snapshot.released.isEmpty else { return }
        var used: Set<TunnelAddress> = []
        for (id, peer) in desired.peers {
            for address in peer.addresses { used.insert(TunnelAddress(interface: id.interface, address: address)) }
        }
        for address in freed.subtracting(used) { released.updateValue(now, forKey: address) }
        for (address, at) in snapshot.released where released[address] == nil {
            let isOver = at.seconds <= now.seconds - InventorySnapshot.quarantine
            if isOver || used.contains(address) { released.updateValue(nil, forKey: address) }
        }
    }

    /// The removal of revoked peers that are gone.
    mutating func addRevoked(_ snapshot: InventorySnapshot, _ changes: [Change], _ outcomes: [Outcome]) {
        for (change, outcome) in zip(changes, outcomes) where change.isRevocation && outcome == .done {
            guard let key = change.publicKey else { continue }
            let object = ObjectID(peer: PeerID(interface: change.object.interfaceName, publicKey: key))
            if snapshot.applied[object] != nil { applied.updateValue(nil, forKey: object) }
        }
    }

    /// The named removals that were done: each is consented to once. Until a head without the peer is in force they stay, so
    /// that nothing older brings him back.
    mutating func addNamedRemovals(
        _ snapshot: InventorySnapshot, _ desired: DesiredState, _ observed: ObservedState, _ changes: [Change],
        _ outcomes: [Outcome], now: Timestamp
    ) {
        let named = snapshot.approvals.compactMap(NamedRemoval.init)
        guard !named.isEmpty else { return }
        let gone = Set(
            zip(changes, outcomes).lazy.filter { $0.isRevocation && $0.action == .delete && $1 == .done }
                .compactMap { change, _ in change.publicKey })
        let isReadable = observed.unreadable.isEmpty
        var left = Set(desired.peers.keys.lazy.map(\.publicKey))
        for device in observed.devices.values { left.formUnion(device.peers.lazy.map(\.publicKey)) }
        withdrawn = Set(
            named.lazy.filter { removal in
                removal.isOver(at: now) || gone.contains(removal.publicKey)
                    || isReadable && !left.contains(removal.publicKey)
            }.map(\.approval))
    }

    /// The expiries that are enforced: the peer is not in the kernel, so no clock brings it back.
    mutating func addExpired(_ snapshot: InventorySnapshot, _ desired: DesiredState, _ observed: ObservedState) {
        var present: [String: Set<PublicKey>] = [:]
        for (id, revoked) in desired.revoked {
            guard case .expired(let at) = revoked.cause, snapshot.expired[id] != at else { continue }
            if observed.unreadable.contains(where: { $0.part == .links || $0.part == .device(id.interface) }) {
                continue
            }
            if present[id.interface] == nil {
                present[id.interface] = Set((observed.devices[id.interface]?.peers ?? []).map(\.publicKey))
            }
            if present[id.interface]?.contains(id.publicKey) != true { expired[id] = at }
        }
    }
}

/// The objects of which nothing can be said after a pass: they still differ, or could not be looked at.
private struct Unsettled {
    private var objects: Set<ObjectID> = []
    private var interfaces: Set<String> = []
    private var hasRoutes = true
    private var hasFirewall = true
    private var hasLinks = true
    private var hasProjections: Bool

    init(_ plan: Plan, _ desired: DesiredState, _ observed: ObservedState) {
        hasProjections = desired.projections != nil
        for change in plan.changes {
            if let key = change.publicKey {
                objects.insert(ObjectID(peer: PeerID(interface: change.object.interfaceName, publicKey: key)))
            } else {
                objects.insert(change.object)
                // What is on a link that should be gone is as it was.
                if change.object.kind == .interface, change.action == .delete { interfaces.insert(change.object.name) }
            }
        }
        for problem in plan.problems {
            objects.insert(problem.object)
            if problem.object.kind == .interface { interfaces.insert(problem.object.name) }
        }
        // Problems name peers as people do, the inventory names them by key.
        if plan.problems.contains(where: { $0.object.kind == .peer }) {
            for interface in desired.interfaces {
                for peer in interface.peers where objects.contains(ObjectID(.peer, peer.name)) {
                    objects.insert(ObjectID(peer: PeerID(interface: interface.name, publicKey: peer.publicKey)))
                }
            }
        }
        for part in observed.unreadable {
            switch part.part {
            case .links: hasLinks = false
            case .device(let name): interfaces.insert(name)
            case .routes: hasRoutes = false
            case .firewall: hasFirewall = false
            case .projections: hasProjections = false
            }
        }
    }

    func contains(_ object: ObjectID) -> Bool {
        if objects.contains(object) { return true }
        if object.kind.isProjected { return !hasProjections }
        guard hasLinks else { return true }
        switch object.kind {
        case .interface, .peer: return interfaces.contains(object.interfaceName)
        case .route, .rule: return !hasRoutes
        // Members of a table that is not as it should be are not known to be as they should be.
        case .access, .forward, .firewall: return !hasFirewall || objects.contains(.firewallTable)
        case .sysctl, .user, .settings, .dnsSettings, .blocklist, .dnsRule: return false
        }
    }
}
