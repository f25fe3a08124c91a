import Model

/// What the peers of one interface send from, each with what is to be told of it. An address belongs to the peer with the
/// longest prefix over it, as WireGuard and the forwarder have it: a network loses what lies in it and is told of
/// otherwise.
struct PeerSources<Tag: Hashable> {
    private var prefixes: [Tag: [Prefix]] = [:]

    /// Adds what a peer may send from.
    mutating func add(_ allowedIPs: [Prefix], tag: Tag) { prefixes[tag, default: []] += allowedIPs }

    /// What was told of any peer.
    var tags: some Collection<Tag> { prefixes.keys }

    /// The hosts and networks of those with a tag, without an order.
    func prefixes(of tag: Tag) -> [Prefix] {
        let own = prefixes[tag] ?? []
        guard prefixes.count > 1, own.contains(where: { !$0.isHost }) else { return own }
        let others = prefixes.lazy.filter { $0.key != tag }.flatMap(\.value).sorted()
        return own.flatMap { prefix in prefix.isHost ? [prefix] : prefix.without(Self.inside(prefix, others)) }
    }

    /// Those of the sorted prefixes that lie in one.
    private static func inside(_ prefix: Prefix, _ sorted: [Prefix]) -> some Sequence<Prefix> {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < prefix { low = middle + 1 } else { high = middle }
        }
        let last = prefix.last
        return sorted[low...].lazy.prefix { $0.address <= last }.filter { prefix.contains($0) }
    }
}
