import Model

extension PlanBuilder {
    /// Plans links, addresses and devices of declared interfaces, and what became of those that left the desired state.
    mutating func planInterfaces() {
        let declared = Set(input.desired.interfaces.lazy.map(\.name))
        for interface in input.desired.interfaces { plan(interface) }
        for row in input.inventory.interfaces.values.sorted(by: { $0.name < $1.name })
        where !declared.contains(row.name) {
            planRemoval(of: row)
        }
        for link in input.observed.orphans(besides: declared.union(input.inventory.interfaces.keys)) {
            planRemoval(of: link, renamedFrom: interface(renamedTo: link))
        }
    }

    /// The declared interface that a link was made as before somebody gave it another name: it is no more under its own, and
    /// its row has the index of this link.
    private mutating func interface(renamedTo link: ObservedLink) -> DesiredInterface? {
        for interface in input.desired.interfaces where links[interface.name] == nil {
            guard let row = input.inventory.interfaces[interface.name] else { continue }
            if row.host == input.observed.host, row.index == link.index { return interface }
        }
        return nil
    }

    private mutating func plan(_ interface: DesiredInterface) {
        let object = ObjectID(.interface, interface.name)
        if let unreadable = input.observed.unreadable.first(where: { $0.part == .device(interface.name) }) {
            problems.append(PlanProblem(kind: .error, object: object, message: unreadable.reason))
            unmet.insert(.link(interface.name))
            return
        }
        if input.desired.problems[object] != nil {
            unmet.insert(.link(interface.name))
            if let device = input.observed.devices[interface.name] { planRevocations(of: interface, device: device) }
            return
        }
        let row = input.inventory.interfaces[interface.name]
        let link = links[interface.name]
        switch Ownership(of: link, row: row, host: input.observed.host) {
        case .absent: planCreation(of: interface)
        case .ours:
            // Without its row only the manifest tells whose peers may be on it.
            let origin = row?.origin ?? (interface.adopt ? .adopted : .created)
            if let link { planUpdate(of: interface, link: link, adopting: false, origin: origin) }
        case .foreign:
            guard let link else { return }
            guard input.observed.devices[interface.name] != nil else {
                let kind = link.kind.isEmpty ? "a link that is not WireGuard" : "a \(link.kind) link"
                refuse(object, "\(kind) of this name exists and is not ours; rename one of the two", kind: .error)
                return
            }
            guard interface.adopt || input.adopt.contains(interface.name) else {
                refuse(
                    object,
                    "an interface of this name exists and is not ours; take it over with --adopt \(interface.name) or adopt: true",
                    kind: .consent)
                return
            }
            planUpdate(of: interface, link: link, adopting: true, origin: .adopted)
        }
    }

    private mutating func refuse(_ object: ObjectID, _ message: String, kind: PlanProblem.Kind) {
        problems.append(PlanProblem(kind: kind, object: object, message: message))
        unmet.insert(.link(object.name))
    }

    /// `because` is the reason of a replacement; nil: what the inventory tells.
    private mutating func planCreation(of interface: DesiredInterface, because: Change.Reason? = nil) {
        let object = ObjectID(.interface, interface.name)
        let implementation: ObservedDevice.Implementation =
            switch interface.backend {
            case .kernel: .kernel
            case .userspace: .userspace
            case .auto: input.observed.kernelWireGuard ? .kernel : .userspace
            }
        let reason = because ?? reason(object, digest: interface.digest)
        let change = add(
            object, .create, reason,
            fields: [
                FieldChange("address", before: nil, after: Self.list(interface.addresses)),
                FieldChange("listen_port", before: nil, after: String(interface.listenPort)),
                FieldChange("mtu", before: nil, after: String(interface.mtu)),
                FieldChange("backend", before: nil, after: backendText(interface, implementation)),
                FieldChange("private_key", before: nil, after: mask(interface.privateKey) ?? "(generated on apply)"),
                FieldChange("link", before: nil, after: interface.isUp ? "up" : "down"),
            ], impact: reason == .drift ? .newHandshake : .none, isReportOnly: interface.drift == .report)
        let name = interface.name
        let reference = LinkReference(name: name, index: nil)
        step(
            .links,
            .createLink(LinkCreation(name: name, implementation: implementation, mtu: interface.mtu)),
            changes: [change], requires: [.firewall], provides: .link(name))
        for address in interface.addresses {
            step(.addresses, .addAddress(reference, address), changes: [change], requires: [.link(name)])
        }
        step(
            .devices,
            .configureDevice(
                reference,
                DeviceChange(
                    privateKey: interface.privateKey, listenPort: interface.listenPort,
                    fwmark: interface.fwmark == 0 ? nil : interface.fwmark)),
            changes: [change], requires: [.link(name)], provides: .device(name))
        if interface.isUp {
            step(
                .linkState, .setLink(reference, LinkChange(isUp: true)), changes: [change],
                requires: [.firewall, .link(name), .device(name)], provides: .up(name))
        }
        planPeers(of: interface, device: nil, reference: reference, unmanaged: .ignore, because: because)
    }

    /// The implementation and why it is this one.
    private func backendText(_ interface: DesiredInterface, _ chosen: ObservedDevice.Implementation) -> String {
        switch (interface.backend, chosen) {
        case (.auto, .kernel): "kernel, its module answers"
        case (.auto, .userspace): "userspace, this kernel offers no WireGuard"
        case (.kernel, _), (.userspace, _): "\(chosen.rawValue), as declared"
        }
    }

    private mutating func planUpdate(
        of interface: DesiredInterface, link: ObservedLink, adopting: Bool, origin: OwnedInterface.Origin
    ) {
        let object = ObjectID(.interface, interface.name)
        guard let device = input.observed.devices[interface.name] else {
            // Our link, but what carried it is gone or another kind: it is made anew.
            planReplacement(of: interface, link: link, live: 0)
            return
        }
        let declared: ObservedDevice.Implementation? =
            switch interface.backend {
            case .auto: nil
            case .kernel: .kernel
            case .userspace: .userspace
            }
        let live = liveCount(device.peers)
        if let declared, declared != device.implementation, !adopting {
            planReplacement(of: interface, link: link, live: live)
            return
        }
        let differences = InterfaceDifferences(interface, link: link, device: device)
        let reference = LinkReference(name: interface.name, index: link.index)
        if !differences.isEmpty || adopting || !link.isMarked {
            let reason: Change.Reason =
                adopting
                ? .adopt
                : differences.changesKey ? keyReason(object, interface) : reason(object, digest: interface.digest)
            let masks = differences.key.map { (before: mask($0.before), after: mask($0.after)) } ?? (nil, nil)
            let change = add(
                object, adopting ? .adopt : .update, reason,
                fields: differences.fields(key: masks, marked: link.isMarked),
                impact: differences.impact, liveSessions: differences.impact == .none ? 0 : live,
                isReportOnly: interface.drift == .report)
            addSteps(for: differences, interface: interface, reference: reference, link: link, change: change)
        }
        let unmanaged = interface.unmanagedPeers ?? (origin == .adopted ? .report : .remove)
        planPeers(of: interface, device: device, reference: reference, unmanaged: unmanaged)
        if differences.changesPort, interface.isUp {
            // Devices still dial the old port; the gateway's first packet from the new one tells live ones where it is.
            let now = input.now
            let operations = device.peers.filter { $0.isLive(at: now) && $0.endpoint != nil }
                .map { PeerOperation(.update, publicKey: $0.publicKey, wake: true) }
            if !operations.isEmpty {
                step(.wake, .configurePeers(reference, operations), changes: [], requires: [.device(interface.name)])
            }
        }
    }

    private func keyReason(_ object: ObjectID, _ interface: DesiredInterface) -> Change.Reason {
        let reason = reason(object, digest: interface.digest)
        return reason == .drift ? .drift : .keyRotation
    }

    private mutating func addSteps(
        for differences: InterfaceDifferences, interface: DesiredInterface, reference: LinkReference,
        link: ObservedLink, change: Int
    ) {
        let name = interface.name
        if differences.mtu != nil || !link.isMarked {
            step(
                .links,
                .setLink(
                    reference, LinkChange(mtu: differences.mtu?.after, alias: link.isMarked ? nil : LinkMark.text)),
                changes: [change], provides: .link(name))
        }
        for address in differences.addedAddresses {
            step(.addresses, .addAddress(reference, address), changes: [change])
        }
        if !differences.removedAddresses.isEmpty {
            // The kernel's default takes all secondary addresses of a subnet along with its primary one.
            if differences.removedAddresses.contains(where: { $0.family == .ipv4 }) {
                step(.addresses, .setSysctl(.promoteSecondaries(name), value: "1"), changes: [change], provides: nil)
            }
            for address in differences.removedAddresses {
                step(.addresses, .removeAddress(reference, address), changes: [change])
            }
        }
        if let device = differences.device {
            step(.devices, .configureDevice(reference, device), changes: [change], provides: .device(name))
        }
        if interface.isUp != link.isUp {
            step(
                interface.isUp ? .linkState : .linkRemovals, .setLink(reference, LinkChange(isUp: interface.isUp)),
                changes: [change],
                requires: interface.isUp ? [.firewall, .device(name), .link(name)] : [], provides: .up(name))
        }
    }

    private mutating func planReplacement(of interface: DesiredInterface, link: ObservedLink, live: Int) {
        let object = ObjectID(.interface, interface.name)
        let reason = reason(object, digest: interface.digest)
        let removal = add(
            object, .delete, reason,
            fields: [FieldChange("backend", before: link.kind.isEmpty ? "link" : link.kind, after: nil)],
            impact: .newHandshake, liveSessions: live, isReportOnly: interface.drift == .report)
        step(.linkRemovals, .deleteLink(LinkReference(name: interface.name, index: link.index)), changes: [removal])
        planCreation(of: interface, because: reason)
    }

    private mutating func planRemoval(of row: OwnedInterface) {
        let link = links[row.name]
        guard let link, Ownership(of: link, row: row, host: input.observed.host) == .ours else { return }
        planRemoval(of: link, renamedFrom: nil)
    }

    /// A link that was renamed is the host's drift: the interface comes back under its own name, and this one holds its port.
    private mutating func planRemoval(of link: ObservedLink, renamedFrom interface: DesiredInterface?) {
        let object = ObjectID(.interface, link.name)
        if let unreadable = input.observed.unreadable.first(where: { $0.part == .device(link.name) }) {
            problems.append(PlanProblem(kind: .error, object: object, message: unreadable.reason))
            return
        }
        let peers = input.observed.devices[link.name]?.peers ?? []
        let change = add(
            object, .delete, interface == nil ? .prune : .drift,
            fields: [FieldChange("peers", before: String(peers.count), after: nil)],
            impact: interface == nil ? .sessionLoss : .newHandshake, liveSessions: liveCount(peers),
            isReportOnly: interface?.drift == .report)
        let reference = LinkReference(name: link.name, index: link.index)
        step(.linkRemovals, .deleteLink(reference), changes: [change])
        if let device = input.observed.devices[link.name] {
            planBlockedKeys(of: link.name, device: device, reference: reference)
        }
    }

    private func liveCount(_ peers: [ObservedPeer]) -> Int {
        let now = input.now
        return peers.lazy.filter { $0.isLive(at: now) }.count
    }

    static func list(_ values: some Sequence<some CustomStringConvertible>) -> String {
        values.map(\.description).joined(separator: ", ")
    }
}
