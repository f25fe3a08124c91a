import Model

extension Assembly {
    /// At most one Settings document, and what it says must fit the interfaces.
    mutating func checkSettings() {
        guard let first = settings.first else { return }
        reportFurther(settings, SettingsKind.kind.name)
        guard let mtu = first.object.peers.mtu, mtu < 1280,
            let interface = interfaces.first(where: { $0.object.address.contains { $0.family == .ipv6 } })
        else { return }
        report(
            first, SettingsKind.peers, .mtuTooSmall,
            "peers.mtu of Settings must be at least 1280, because \(label(interface)) has IPv6, found \(mtu)",
            suggestion: "mtu: 1280")
    }

    /// Every document after the first of a kind of which there is at most one.
    mutating func reportFurther<Object>(_ documents: [Declared<Object>], _ kind: String) {
        guard let first = documents.first else { return }
        let place = "\(first.path):\(first.start.line):\(first.start.column)"
        for other in documents.dropFirst() {
            report(
                at: other, .duplicateIdentity, "\(kind) stand twice, first at \(place)",
                suggestion: "merge the two documents")
        }
    }

    /// Names, listen ports and prefixes of interfaces.
    mutating func indexInterfaces() {
        var ports: [UInt16: Int] = [:]
        for (index, declared) in interfaces.enumerated() {
            subnets.append(
                declared.object.address.map {
                    Subnet(gateway: $0.address, prefix: $0.prefix, last: $0.prefix.last)
                })
            usedAddresses.append([:])
            checkRepeatedAddresses(declared)
            guard declared.valid.contains(InterfaceKind.name) else {
                mayHoldMore = true
                continue
            }
            if let first = interfaceIndex[declared.object.name] {
                report(
                    declared, InterfaceKind.name, .duplicateIdentity,
                    "\(label(declared)) stands twice, first at \(interfaces[first].location(of: InterfaceKind.name))",
                    suggestion: "remove or rename one of them")
                continue
            }
            interfaceIndex[declared.object.name] = index
            guard declared.valid.contains(InterfaceKind.listenPort) else { continue }
            if let first = ports[declared.object.listenPort] {
                report(
                    declared, InterfaceKind.listenPort, .duplicatePort,
                    "listen_port \(declared.object.listenPort) of \(label(declared)) is also that of"
                        + " \(label(interfaces[first])) (\(interfaces[first].location(of: InterfaceKind.listenPort)))",
                    suggestion: freePort.map { "listen_port: \($0)" })
            } else {
                ports[declared.object.listenPort] = index
            }
        }
        checkInterfaceOverlap()
    }

    /// A link holds an IPv6 address once, whatever its length.
    private mutating func checkRepeatedAddresses(_ declared: Declared<Interface>) {
        guard declared.valid.contains(InterfaceKind.address) else { return }
        var seen: Set<IPAddress> = []
        for (number, address) in declared.object.address.enumerated() where address.family == .ipv6 {
            guard !seen.insert(address.address).inserted else { continue }
            report(
                declared, InterfaceKind.address, item: number + 1, .duplicateAddress,
                "address \(address.address) of \(label(declared)) stands twice, with different lengths",
                suggestion: "remove one of them")
        }
    }

    private var freePort: UInt16? {
        let used = Set(interfaces.map(\.object.listenPort))
        return (51820...65535).first { !used.contains($0) }
    }

    private mutating func checkInterfaceOverlap() {
        var all: [(prefix: Prefix, interface: Int, item: Int)] = []
        for (index, addresses) in subnets.enumerated() {
            for (item, subnet) in addresses.enumerated() { all.append((subnet.prefix, index, item + 1)) }
        }
        all.sort { ($0.prefix, $0.interface) < ($1.prefix, $1.interface) }
        var outer: (prefix: Prefix, interface: Int, item: Int)?
        for entry in all {
            guard let current = outer, current.prefix.contains(entry.prefix) else {
                outer = entry
                continue
            }
            let (first, second) = (interfaces[current.interface], interfaces[entry.interface])
            guard first.object.name != second.object.name else { continue }
            report(
                second, InterfaceKind.address, item: entry.item, .overlappingInterface,
                "\(entry.prefix) of \(label(second)) overlaps \(current.prefix) of \(label(first))"
                    + " (\(first.location(of: InterfaceKind.address, item: current.item))):"
                    + " only one of them gets the traffic",
                severity: .warning)
        }
    }
}
