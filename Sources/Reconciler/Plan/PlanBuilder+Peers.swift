import Model

extension PlanBuilder {
    /// Plans the peers of one interface as deltas. `device` is nil for a link that the same plan creates.
    mutating func planPeers(
        of interface: DesiredInterface, device: ObservedDevice?, reference: LinkReference, unmanaged: UnmanagedPeers,
        because: Change.Reason? = nil
    ) {
        let observed = device?.peers ?? []
        var position: [PublicKey: Int] = Dictionary(minimumCapacity: observed.count)
        for (index, peer) in observed.enumerated() { position[peer.publicKey] = index }

        var differing: [(desired: DesiredPeer, observed: ObservedPeer?)] = []
        var matched = 0
        for peer in interface.peers {
            guard let index = position[peer.publicKey] else {
                differing.append((peer, nil))
                continue
            }
            matched += 1
            if differs(peer, observed[index], on: interface.name) { differing.append((peer, observed[index])) }
        }
        if let device { planRevocations(of: interface, device: device) }
        if matched < observed.count {
            planUndeclared(of: interface, observed: observed, reference: reference, unmanaged: unmanaged)
        }
        guard !differing.isEmpty else { return }
        planWrites(differing, of: interface, isNewLink: device == nil, reference: reference, because: because)
    }

    private mutating func differs(_ peer: DesiredPeer, _ observed: ObservedPeer, on interface: String) -> Bool {
        if peer.allowedIPs != observed.allowedIPs || peer.persistentKeepalive != observed.persistentKeepalive {
            return true
        }
        if peer.presharedKey != observed.presharedKey { return true }
        return endpointToSet(peer, observed, on: interface) != nil || dnsBefore(peer, on: interface) != nil
    }

    /// What the forwarder did for a peer so far, if that is something else. Of a peer that was not applied yet nothing is
    /// known.
    private mutating func dnsBefore(_ peer: DesiredPeer, on interface: String) -> PeerDNSFields? {
        if peer.dns == .defaults, appliedDNS.isEmpty { return nil }
        let id = PeerID(interface: interface, publicKey: peer.publicKey)
        if let before = appliedDNS[id] { return before == peer.dns ? nil : before }
        return peer.dns == .defaults || input.inventory.applied[ObjectID(peer: id)] == nil ? nil : .defaults
    }

    /// The endpoint to write: only when the declared one changed, when none is set, or when a name has moved and the
    /// peer has been silent for longer than a handshake lives (135 s). A roamed peer keeps the endpoint it was seen at.
    private func endpointToSet(_ peer: DesiredPeer, _ observed: ObservedPeer, on interface: String) -> SocketAddress? {
        guard let wanted = peer.endpoint, observed.endpoint != wanted else { return nil }
        if observed.endpoint == nil { return wanted }
        let silent = observed.lastHandshake.map { input.now.seconds - $0.seconds > 135 } ?? true
        let id = ObjectID(peer: PeerID(interface: interface, publicKey: peer.publicKey))
        guard let applied = input.inventory.applied[id] else { return silent ? wanted : nil }
        if AppliedRecord(applied).endpoint != peer.declaredEndpoint ?? "" { return wanted }
        return peer.endpointIsName && silent ? wanted : nil
    }

    private mutating func planWrites(
        _ differing: [(desired: DesiredPeer, observed: ObservedPeer?)], of interface: DesiredInterface,
        isNewLink: Bool, reference: LinkReference, because: Change.Reason?
    ) {
        var movedTo: [Prefix: String] = [:]
        for (desired, observed) in differing {
            let have = Set(observed?.allowedIPs ?? [])
            for prefix in desired.allowedIPs where !have.contains(prefix) { movedTo[prefix] = desired.name }
        }
        var operations: [PeerOperation] = []
        var wakes: [PeerOperation] = []
        var changed: [Int] = []
        var dns: (fields: [PublicKey: PeerDNSFields], changes: [Int]) = ([:], [])
        for (desired, observed) in differing {
            let name = ObjectID(.peer, desired.name)
            if input.desired.problems[name] != nil { continue }
            if let observed {
                let (operation, change) = update(desired, observed, of: interface, movedTo: movedTo)
                if !operation.isEmpty { operations.append(operation) }
                changed.append(change)
            } else {
                let (operation, change) = creation(desired, of: interface, because: because)
                operations.append(operation)
                changed.append(change)
                if operation.wake, isNewLink {
                    operations[operations.count - 1].wake = false
                    wakes.append(PeerOperation(.update, publicKey: desired.publicKey, wake: true))
                }
            }
            if let last = changed.last, dnsBefore(desired, on: interface.name) != nil {
                dns.fields[desired.publicKey] = desired.dns
                dns.changes.append(last)
            }
        }
        if !dns.changes.isEmpty {
            step(.dns, .recordPeerDNS(interface: interface.name, dns.fields), changes: dns.changes)
        }
        guard !operations.isEmpty else { return }
        let name = interface.name
        step(
            .peers, .configurePeers(reference, operations), changes: changed,
            requires: [.firewall, .link(name), .device(name)])
        if !wakes.isEmpty {
            step(.wake, .configurePeers(reference, wakes), changes: [], requires: [.up(name), .link(name)])
        }
    }

    private mutating func update(
        _ desired: DesiredPeer, _ observed: ObservedPeer, of interface: DesiredInterface, movedTo: [Prefix: String]
    ) -> (PeerOperation, Int) {
        var operation = PeerOperation(.update, publicKey: desired.publicKey)
        var fields: [FieldChange] = []
        var impact = Change.Impact.none
        if desired.allowedIPs != observed.allowedIPs {
            let (have, want) = (Set(observed.allowedIPs), Set(desired.allowedIPs))
            operation.addAllowedIPs = desired.allowedIPs.filter { !have.contains($0) }
            let gone = observed.allowedIPs.filter { !want.contains($0) }
            // A prefix that another peer takes over in this plan moves there with its one add.
            operation.removeAllowedIPs = gone.filter { movedTo[$0] == nil }
            let after =
                desired.allowedIPs.map(\.description)
                + gone.compactMap { prefix in movedTo[prefix].map { "\(prefix) moves to \($0)" } }
            fields.append(
                FieldChange(
                    "allowed_ips", before: Self.list(observed.allowedIPs), after: after.joined(separator: ", ")))
        }
        if desired.presharedKey != observed.presharedKey {
            operation.presharedKey = desired.presharedKey.map { .key($0) } ?? PeerOperation.PresharedKey.none
            fields.append(
                FieldChange("preshared_key", before: mask(observed.presharedKey), after: mask(desired.presharedKey)))
            impact = .reimport
        }
        if let endpoint = endpointToSet(desired, observed, on: interface.name) {
            operation.endpoint = endpoint
            fields.append(
                FieldChange("endpoint", before: observed.endpoint?.description, after: endpoint.description))
            impact = max(impact, .newHandshake)
        }
        if desired.persistentKeepalive != observed.persistentKeepalive {
            operation.persistentKeepalive = desired.persistentKeepalive
            fields.append(
                FieldChange(
                    "persistent_keepalive", before: String(observed.persistentKeepalive),
                    after: String(desired.persistentKeepalive)))
        }
        let before = dnsBefore(desired, on: interface.name)
        if let before { fields += desired.dns.changes(from: before) }
        let id = ObjectID(peer: PeerID(interface: interface.name, publicKey: desired.publicKey))
        // A written endpoint that replaces another one was declared anew, or its name has moved: the host did nothing.
        let movesEndpoint = operation.endpoint != nil && observed.endpoint != nil
        // What the forwarder does is in no kernel: nobody but the repository changes it.
        let isDeclared = movesEndpoint || before != nil
        let change = add(
            ObjectID(.peer, desired.name), .update,
            isDeclared ? .desiredChanged : reason(id, digest: desired.digest), fields: fields, impact: impact,
            liveSessions: impact != .none && observed.isLive(at: input.now) ? 1 : 0, publicKey: desired.publicKey,
            isReportOnly: interface.drift == .report)
        return (operation, change)
    }

    private mutating func creation(
        _ desired: DesiredPeer, of interface: DesiredInterface, because: Change.Reason?
    ) -> (PeerOperation, Int) {
        let id = PeerID(interface: interface.name, publicKey: desired.publicKey)
        let reason = because ?? reason(ObjectID(peer: id), digest: desired.digest)
        // A peer that comes back is seeded with where it was seen last and woken, so that it needn't notice the silence.
        let remembered = desired.endpoint == nil ? input.inventory.endpoints[id] : nil
        var operation = PeerOperation(
            .add, publicKey: desired.publicKey, endpoint: desired.endpoint ?? remembered,
            addAllowedIPs: desired.allowedIPs, wake: remembered != nil && interface.isUp)
        var fields = [FieldChange("allowed_ips", before: nil, after: Self.list(desired.allowedIPs))]
        if let key = desired.presharedKey {
            operation.presharedKey = .key(key)
            fields.append(FieldChange("preshared_key", before: nil, after: mask(key)))
        }
        if let endpoint = desired.endpoint {
            fields.append(FieldChange("endpoint", before: nil, after: endpoint.description))
        }
        if desired.persistentKeepalive != 0 {
            operation.persistentKeepalive = desired.persistentKeepalive
            fields.append(
                FieldChange("persistent_keepalive", before: nil, after: String(desired.persistentKeepalive)))
        }
        fields += desired.dns.additions
        let change = add(
            ObjectID(.peer, desired.name), .create, reason, fields: fields,
            impact: reason == .drift || because != nil ? .newHandshake : .none, publicKey: desired.publicKey,
            isReportOnly: interface.drift == .report)
        return (operation, change)
    }
}
