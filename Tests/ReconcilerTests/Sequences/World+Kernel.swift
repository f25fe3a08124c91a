import Model

@testable import Reconciler

/// What somebody else does at the kernel.
extension World {
    /// The links that are meant to be ours, by name.
    private var ours: [String] {
        gateway.host.kernel.links.filter { $0.device != nil && foreignLinks[$0.name] == nil }.map(\.name).sorted()
    }

    func tamperWithLink(_ step: Step) {
        let names = ours
        guard !names.isEmpty else { return }
        let (name, how) = (names[step.what % names.count], step.how)
        planted += 1
        let number = planted
        switch step.verb {
        case .linkDown:
            gateway.host.edit { kernel in
                kernel.with(name) {
                    $0.isUp = false
                    $0.addresses.removeAll { $0.family == .ipv6 }
                }
                kernel.routes.removeAll { $0.interface == name }
            }
        case .linkDelete, .backendDeath:
            disturb(interface: name)
            gateway.host.edit { $0.removeLink(name) }
            if step.verb == .backendDeath { gateway.host.tell(.userspaceEnded(link: name)) }
        case .linkRename:
            let other = "ren\(number)"
            disturb(interface: name)
            gateway.host.edit { kernel in
                kernel.with(name) { $0.name = other }
                kernel.routes.removeAll { $0.interface == name }
            }
        case .linkUnmark: gateway.host.edit { $0.with(name) { $0.alias = how % 2 == 0 ? "" : "uplink" } }
        case .linkMTU: gateway.host.edit { $0.with(name) { $0.mtu = 1280 + how } }
        case .addressAdd:
            let address = InterfaceAddress("10.99.\(how).1/24")
            gateway.host.edit { $0.with(name) { $0.addresses += [address].compactMap(\.self) } }
        case .addressRemove:
            gateway.host.edit { $0.with(name) { if !$0.addresses.isEmpty { $0.addresses.removeFirst() } } }
        case .portSet: gateway.host.edit { $0.with(name) { $0.device?.listenPort = UInt16(1000 + how) } }
        case .keySet:
            let key = how % 5 == 0 ? nil : Self.secret(100 + how)
            gateway.host.edit { $0.with(name) { $0.device?.privateKey = key } }
        default: gateway.host.edit { $0.with(name) { $0.device?.fwmark = UInt32(how) } }
        }
        note("\(name)")
    }

    func tamperWithPeer(_ step: Step) {
        let names = ours
        guard !names.isEmpty else { return }
        let name = names[step.what % names.count]
        let peers = gateway.host.kernel.link(name)?.device?.peers ?? []
        planted += 1
        let (how, other) = (step.how, Sample.key(5000 + planted))
        if step.verb == .peerPlant {
            // Somebody new, or one who is declared and may not be there.
            let absent = declaration.peers.map(\.publicKey).filter { key in !peers.contains { $0.publicKey == key } }
            let key = how % 2 == 0 || absent.isEmpty ? other : absent[how % absent.count]
            gone.remove(key)
            let allowed = ["10.98.\(how).1/32"].compactMap { Prefix($0) }
            gateway.host.edit { kernel in
                kernel.with(name) { $0.device?.peers.append(ObservedPeer(publicKey: key, allowedIPs: allowed)) }
            }
            return note("\(key) on \(name)")
        }
        guard !peers.isEmpty else { return }
        let index = how % peers.count
        note("\(peers[index].publicKey) on \(name)")
        switch step.verb {
        case .peerRemove:
            disturb(Disturbance(peers: [PeerID(interface: name, publicKey: peers[index].publicKey)]))
            gateway.host.edit { kernel in kernel.with(name) { _ = $0.device?.peers.remove(at: index) } }
        case .peerSteal:
            let stolen = peers[index].allowedIPs
            gateway.host.edit { kernel in
                kernel.with(name) { link in
                    link.device?.peers[index].allowedIPs = []
                    link.device?.peers.append(ObservedPeer(publicKey: other, allowedIPs: stolen))
                }
            }
        default:
            let secret = Self.secret(200 + how)
            gateway.host.edit { kernel in
                kernel.with(name) { link in
                    switch how % 3 {
                    case 0: link.device?.peers[index].presharedKey = secret
                    case 1: link.device?.peers[index].persistentKeepalive = 7
                    default: link.device?.peers[index].allowedIPs = []
                    }
                }
            }
        }
    }

    func tamperWithNetwork(_ step: Step) {
        let (what, how, names) = (step.what, step.how, ours)
        switch step.verb {
        case .routeRemove:
            gateway.host.edit { kernel in
                let own = kernel.routes.indices.filter { kernel.routes[$0].routeProtocol == Route.ownProtocol }
                if !own.isEmpty { kernel.routes.remove(at: own[what % own.count]) }
            }
        case .routePlant:
            guard let destination = Prefix("10.97.\(how).0/24"), !names.isEmpty else { return }
            gateway.host.edit { kernel in
                guard kernel.link(names[what % names.count])?.isUp == true else { return }
                let table = how % 3 == 0 ? 7000 : Route.mainTable
                kernel.routes.append(
                    Route(destination: destination, interface: names[what % names.count], table: table))
            }
        case .rulePlant:
            gateway.host.edit {
                $0.rules.append(Rule(family: how % 2 == 0 ? .ipv4 : .ipv6, priority: UInt32(500 + what), table: 7000))
            }
        case .rulesRemove: gateway.host.edit { $0.rules = [] }
        case .tableDelete: gateway.host.edit { $0.table = nil }
        case .tableEdit: gateway.host.edit { if $0.table != nil { $0.tableEdits += 1 } }
        case .elementAdd, .elementRemove:
            let member = Prefix("10.8.0.\(200 + how % 50)/32").map { FirewallMember($0, on: "wg0") }
            let isAdded = step.verb == .elementAdd
            gateway.host.edit { kernel in
                guard let table = kernel.table else { return }
                var elements = table.elements
                if let member, isAdded {
                    elements[.isolatedHosts4, default: []].insert(member)
                } else if let set = elements.keys.sorted().first, let first = elements[set]?.sorted().first {
                    elements[set]?.remove(first)
                    if elements[set]?.isEmpty == true { elements[set] = nil }
                }
                kernel.table = FirewallTable(
                    policy: table.policy, policyDigest: table.policyDigest, elements: elements)
            }
        default:
            lostParameters = true
            let parameters: [Sysctl] = [.ipv4Forwarding, .ipv6Forwarding, .sourceValidMark]
            gateway.host.edit { $0.sysctls[parameters[what % 3]] = how % 2 == 0 ? "0" : "1" }
        }
    }

    /// Objects of others beside ours.
    func addForeign(_ step: Step) {
        planted += 1
        let (how, number, secret) = (step.how, planted, Self.secret(300 + planted))
        var name = "other\(number)"
        switch step.verb {
        case .dockerStart: return gateway.host.edit { $0.foreignPlaces = [World.docker] }
        case .dockerStop: return gateway.host.edit { ($0.foreignPlaces, $0.foreignRules) = ([], []) }
        case .dockerFlush: return gateway.host.edit { $0.foreignRules = [] }
        case .advertise:
            // A guard that is not there was taken by somebody else, and with it the route.
            gateway.host.edit { $0.hasAdvertisedRoute = true }
            isAdvertised = true
            return
        case .orphanPlant:
            gateway.host.edit { kernel in
                kernel.addForeignDevice("other\(number)", key: secret)
                kernel.with("other\(number)") { $0.alias = LinkMark.text }
            }
            return note("\(name) with our mark")
        case .nameTake:
            guard let free = ["wg2", "wg3"].first(where: { gateway.host.kernel.link($0) == nil }) else { return }
            name = free
            gateway.host.edit { $0.addForeignDevice(free, key: secret) }
        default:
            let link = name
            gateway.host.edit { kernel in
                switch how % 3 {
                case 0: kernel.addForeignDevice(link, key: secret, peers: [ObservedPeer(publicKey: Sample.key(9))])
                case 1: kernel.addLink(link, kind: "bridge", mtu: 1500, alias: LinkMark.text)
                default: kernel.addLink(link, kind: "tun", mtu: 1400)
                }
            }
            if let destination = Prefix("10.96.\(how).0/24") {
                let route = Route(destination: destination, interface: name, routeProtocol: 4)
                gateway.host.edit { $0.routes.append(route) }
                foreignRoutes.insert(route)
            }
        }
        note(name)
        if !declaration.names.contains(name) { foreignLinks[name] = description(ofLink: name) }
    }

    /// Everything about a link of somebody else.
    func description(ofLink name: String) -> String {
        gateway.host.kernel.link(name).map { "\($0) \($0.device?.privateKey?.words ?? (0, 0, 0, 0))" } ?? "gone"
    }
}
