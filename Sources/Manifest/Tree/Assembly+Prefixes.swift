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
}
