import Model

/// Doing what the reconciler asks for.
extension SimulatedHost {
    /// Does one thing, or refuses it as the kernel would.
    mutating func perform(_ operation: Operation) throws(BackendError) {
        switch operation {
        case .createLink(let creation):
            if link(creation.name) != nil { throw BackendError(.terminal, "link \(creation.name) exists") }
            if creation.implementation == .kernel, !hasKernelWireGuard {
                throw BackendError(.terminal, "link \(creation.name): operation not supported")
            }
            addLink(creation.name, kind: "wireguard", mtu: creation.mtu, alias: LinkMark.text, isUp: false)
            with(creation.name) {
                $0.device = ObservedDevice(
                    implementation: creation.implementation, privateKey: nil, publicKey: nil, listenPort: 0, fwmark: 0,
                    peers: [])
            }
            sysctls[.promoteSecondaries(creation.name)] = "0"
        case .deleteLink(let reference):
            guard let link = link(reference.name) else { return }
            try check(reference, link)
            removeLink(reference.name)
        case .setLink(let reference, let change):
            try self.change(reference) { link in
                if let mtu = change.mtu { link.mtu = mtu }
                if let alias = change.alias { link.alias = alias }
                if let isUp = change.isUp { link.isUp = isUp }
                // Like Linux, unless keep_addr_on_down is set.
                if change.isUp == false { link.addresses.removeAll { $0.family == .ipv6 } }
            }
            if change.isUp == false { routes.removeAll { $0.interface == reference.name } }
        case .addAddress(let reference, let address):
            try self.change(reference) { if !$0.addresses.contains(address) { $0.addresses.append(address) } }
        case .removeAddress(let reference, let address):
            let promotes = sysctls[.promoteSecondaries(reference.name)] == "1"
            try self.change(reference) { link in
                let subnet = link.addresses.filter { $0.prefix == address.prefix }
                let takesOthers = !promotes && address.family == .ipv4 && subnet.first == address
                link.addresses.removeAll { $0 == address || takesOthers && $0.prefix == address.prefix }
            }
        case .configureDevice(let reference, let change):
            try self.change(reference) { link in
                if let key = change.privateKey { link.device?.privateKey = key }
                if let port = change.listenPort { link.device?.listenPort = port }
                if let mark = change.fwmark { link.device?.fwmark = mark }
            }
        case .configurePeers(let reference, let operations):
            try self.change(reference) { link in
                guard let known = link.device?.peers else { return }
                var peers = SimulatedPeers(known)
                for operation in operations { peers.apply(operation) }
                link.device?.peers = peers.all
            }
        case .addRoute(let route):
            guard link(route.interface)?.isUp == true else {
                throw BackendError(.transient, "route \(route.destination): network is down")
            }
            if routes.contains(route) { throw BackendError(.terminal, "route \(route.destination): file exists") }
            routes.append(route)
        case .removeRoute(let route): routes.removeAll { $0 == route }
        case .addRule(let rule): rules.append(rule)
        case .removeRule(let rule): rules.removeAll { $0 == rule }
        case .replaceFirewall(let table):
            self.table = table
            tableEdits = 0
        case .changeFirewallElements(let add, let remove):
            guard let old = table else { throw BackendError(.terminal, "no table inet wirebuddy") }
            var elements = old.elements
            for (set, members) in remove {
                elements[set, default: []].subtract(members)
                if elements[set]?.isEmpty == true { elements[set] = nil }
            }
            for (set, members) in add {
                elements[set, default: []].formUnion(members)
                // nftables refuses networks that overlap.
                guard set.namesServices || elements[set]?.disjoint().count == elements[set]?.count else {
                    throw BackendError(.transient, "\(set.rawValue): conflicting intervals specified")
                }
            }
            table = FirewallTable(policy: old.policy, policyDigest: old.policyDigest, elements: elements)
        case .deleteFirewall: table = nil
        case .changeForeignRules(let add, let remove):
            for rule in add where !foreignPlaces.contains(where: { $0.chain == rule.chain }) {
                throw BackendError(.transient, "\(rule.chain): no such chain")
            }
            foreignRules.formUnion(add)
            foreignRules.subtract(remove)
        case .projectUser, .removeUser, .projectSettings, .projectDNS, .recordPeerDNS, .recordPolicies:
            throw BackendError(.terminal, "not the host's")
        case .setSysctl(let sysctl, let value):
            guard sysctls[sysctl] != nil else { throw BackendError(.terminal, "\(sysctl): no such parameter") }
            sysctls[sysctl] = value
            if sysctl == .ipv6Forwarding, value == "1", sysctls[.acceptRouterAdvertisements("eth0")] != "2" {
                hasAdvertisedRoute = false
            }
        }
    }

    private func check(_ reference: LinkReference, _ link: Link) throws(BackendError) {
        if let index = reference.index, index != link.index {
            throw BackendError(.transient, "link \(reference.name) is another one now")
        }
    }

    private mutating func change(
        _ reference: LinkReference, _ body: (inout Link) -> Void
    ) throws(BackendError) {
        guard let link = link(reference.name) else {
            throw BackendError(.transient, "link \(reference.name): no such device")
        }
        try check(reference, link)
        with(reference.name, body)
    }
}
