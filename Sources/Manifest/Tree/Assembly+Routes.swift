import Model

extension Assembly {
    /// Routes in the main table must not swallow the tunnel's own packets.
    mutating func checkRoutes() {
        var endpoints = [[(address: IPAddress, peer: Int)]](repeating: [], count: interfaces.count)
        for index in peers.indices {
            guard let owner = owners[index], let endpoint = peers[index].object.endpoint,
                case .address(let address) = endpoint.host
            else { continue }
            endpoints[owner].append((address, index))
        }
        for owner in endpoints.indices { endpoints[owner].sort { $0.address < $1.address } }
        for (owner, addresses) in subnets.enumerated() {
            for (number, subnet) in addresses.enumerated() {
                guard let (address, peer) = firstEndpoint(in: subnet.prefix, endpoints[owner]) else { continue }
                report(
                    interfaces[owner], InterfaceKind.address, item: number + 1, .routeCapturesEndpoint,
                    "\(subnet.prefix) of \(label(interfaces[owner])) contains the endpoint \(address) of \(label(peer)):"
                        + " the tunnel would carry its own packets",
                    suggestion: "use another prefix or endpoint")
            }
        }
        var routed: [Prefix: Int] = [:]
        for index in peers.indices where !peers[index].object.routes.isEmpty {
            guard let owner = owners[index] else { continue }
            checkMainRoutes(of: index, interfaces[owner].object.table, endpoints[owner])
            guard peers[index].object.enabled, interfaces[owner].object.enabled else { continue }
            checkOtherInterfaces(of: index, owner, &routed)
        }
    }

    /// A routing table has one route to a prefix, so two running interfaces can't both have it.
    private mutating func checkOtherInterfaces(of index: Int, _ owner: Int, _ routed: inout [Prefix: Int]) {
        let interface = interfaces[owner].object
        for (number, prefix) in peers[index].object.routes.enumerated() {
            // A table of the interface's own holds no one else's routes; limited to sources, two /0 can live together.
            guard interface.table == .auto || interface.table == .number(Self.mainTable) else { continue }
            if prefix.isDefault, !interface.routeFrom.isEmpty { continue }
            guard let first = routed[prefix] else {
                routed[prefix] = index
                continue
            }
            guard owners[first] != owner else { continue }
            let item = (peers[first].object.routes.firstIndex(of: prefix) ?? 0) + 1
            report(
                peers[index], PeerKind.routes, item: number + 1, .duplicateAddress,
                "route \(prefix) of \(label(index)) is also that of \(label(first))"
                    + " (\(peers[first].location(of: PeerKind.routes, item: item))): the host has one route to a prefix",
                suggestion: "disable one of them, or give one interface a table of its own")
        }
    }

    /// `RT_TABLE_MAIN` of linux/rtnetlink.h.
    private static let mainTable: UInt32 = 254

    private mutating func checkMainRoutes(
        of index: Int, _ table: RouteTable, _ endpoints: [(address: IPAddress, peer: Int)]
    ) {
        for (number, prefix) in peers[index].object.routes.enumerated() {
            switch table {
            case .off: continue
            case .number(let number) where number != Self.mainTable: continue
            case .auto where prefix.isDefault: continue
            default: break
            }
            if prefix.isDefault {
                report(
                    peers[index], PeerKind.routes, item: number + 1, .routeCapturesEndpoint,
                    "route \(prefix) of \(label(index)) in the main table would cut the gateway off",
                    suggestion: "set table: auto on the interface: a /0 then gets its own table and rules")
            } else if let (address, peer) = firstEndpoint(in: prefix, endpoints) {
                report(
                    peers[index], PeerKind.routes, item: number + 1, .routeCapturesEndpoint,
                    "route \(prefix) of \(label(index)) contains the endpoint \(address) of \(label(peer)):"
                        + " the tunnel would carry its own packets",
                    suggestion: "use narrower routes that leave \(address) out")
            }
        }
    }

    private func firstEndpoint(
        in prefix: Prefix, _ sorted: [(address: IPAddress, peer: Int)]
    ) -> (address: IPAddress, peer: Int)? {
        var low = 0
        var high = sorted.count
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle].address < prefix.address { low = middle + 1 } else { high = middle }
        }
        guard low < sorted.count, prefix.contains(sorted[low].address) else { return nil }
        return sorted[low]
    }
}
