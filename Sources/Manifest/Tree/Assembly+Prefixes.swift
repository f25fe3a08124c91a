import Model

extension Assembly {
    /// A prefix that WireGuard would let one peer use.
    private struct AllowedIP {
        var prefix: Prefix
        var peer: Int
        /// The element of `routes`, from 1; of `ip` when negative.
        var item: Int

        var isRoute: Bool { item > 0 }
    }

    /// On one interface each prefix belongs to one peer: WireGuard gives an equal one to whoever came last.
    mutating func checkPrefixes() {
        var all = [[AllowedIP]](repeating: [], count: interfaces.count)
        for index in peers.indices {
            guard let owner = owners[index], !peers[index].object.routes.isEmpty else { continue }
            for (number, prefix) in peers[index].object.routes.enumerated() {
                all[owner].append(AllowedIP(prefix: prefix, peer: index, item: number + 1))
            }
        }
        for owner in all.indices where !all[owner].isEmpty {
            // Without routes there are only hosts, and equal ones are found by checkAddresses.
            for (address, index) in usedAddresses[owner] {
                all[owner].append(AllowedIP(prefix: Prefix(host: address), peer: index, item: -1))
            }
            all[owner].sort { left, right in
                left.prefix != right.prefix ? left.prefix < right.prefix : left.peer < right.peer
            }
            checkSorted(all[owner])
        }
    }

    private mutating func checkSorted(_ sorted: [AllowedIP]) {
        var open: [Int] = []
        var covered: [Int: (count: Int, first: Int)] = [:]
        var isFirstOfPrefix = true
        for number in sorted.indices {
            let entry = sorted[number]
            if number > 0 { isFirstOfPrefix = sorted[number - 1].prefix != entry.prefix }
            if !isFirstOfPrefix {
                reportEqual(sorted[number - 1], entry)
                continue
            }
            while let outer = open.last, !sorted[outer].prefix.contains(entry.prefix) { open.removeLast() }
            if let outer = open.last(where: { sorted[$0].peer != entry.peer && !sorted[$0].prefix.isDefault }) {
                covered[outer, default: (0, entry.peer)].count += 1
            }
            open.append(number)
        }
        for number in covered.keys.sorted() {
            guard let (count, first) = covered[number] else { continue }
            let entry = sorted[number]
            let others = count == 1 ? "" : " and \(count - 1) more"
            report(
                peers[entry.peer], PeerKind.routes, item: entry.item, .overlappingPrefix,
                "route \(entry.prefix) of \(label(entry.peer)) contains a prefix of \(label(first))\(others):"
                    + " the longer prefix wins",
                severity: .warning)
        }
    }

    private mutating func reportEqual(_ left: AllowedIP, _ right: AllowedIP) {
        guard left.peer != right.peer else { return }
        // Report at a route; of two routes at the one that comes later in the tree.
        let (first, second) = right.isRoute ? (left, right) : (right, left)
        let field = first.isRoute ? PeerKind.routes : PeerKind.ip
        report(
            peers[second.peer], PeerKind.routes, item: second.item, .duplicateAddress,
            "route \(second.prefix) of \(label(second.peer)) is also that of \(label(first.peer))"
                + " (\(peers[first.peer].location(of: field, item: max(first.item, 0)))): WireGuard sends a prefix to one peer only",
            suggestion: "remove it from one of them")
    }

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
        for index in peers.indices where !peers[index].object.routes.isEmpty {
            guard let owner = owners[index] else { continue }
            checkMainRoutes(of: index, interfaces[owner].object.table, endpoints[owner])
        }
    }

    private mutating func checkMainRoutes(
        of index: Int, _ table: RouteTable, _ endpoints: [(address: IPAddress, peer: Int)]
    ) {
        let mainTable: UInt32 = 254
        for (number, prefix) in peers[index].object.routes.enumerated() {
            switch table {
            case .off: continue
            case .number(let number) where number != mainTable: continue
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
