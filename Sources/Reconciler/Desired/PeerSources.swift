import Model

/// What the peers of one interface send from, each with what is to be told of it. An address belongs to the peer with the
/// longest prefix over it, as WireGuard and the forwarder have it: a network loses what lies in it and is told of
/// otherwise.
struct PeerSources<Tag: Hashable> {
    private typealias Entry = (prefix: Prefix, tag: Tag)

    private var entries: [Entry] = []

    /// Adds what a peer may send from.
    mutating func add(_ allowedIPs: [Prefix], tag: Tag) {
        for prefix in allowedIPs { entries.append((prefix, tag)) }
    }

    /// The hosts and networks by what is told of them, without an order.
    var prefixesByTag: [Tag: [Prefix]] {
        var found: [Tag: [Prefix]] = [:]
        let hasNetworks = entries.contains { !$0.prefix.isHost }
        let sorted = hasNetworks ? entries.sorted { $0.prefix < $1.prefix } : []
        for (prefix, tag) in entries {
            if prefix.isHost {
                found[tag, default: []].append(prefix)
            } else {
                found[tag, default: []] += prefix.without(Self.others(in: prefix, tag, sorted))
            }
        }
        return found
    }

    /// Those of the sorted entries that lie in a prefix and have another tag.
    private static func others(in prefix: Prefix, _ tag: Tag, _ sorted: [Entry]) -> some Sequence<Prefix> {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle].prefix < prefix { low = middle + 1 } else { high = middle }
        }
        let last = prefix.last
        return sorted[low...].lazy.prefix { $0.prefix.address <= last }
            .filter { $0.tag != tag && prefix.contains($0.prefix) }.map(\.prefix)
    }
}
