import Model

/// The addresses of one interface whose connections `Access` documents are about, with the class of each. An address
/// belongs to the peer with the longest prefix over it, as WireGuard has it: a network loses what lies in it and is of
/// another peer.
struct ControlledSources {
    private var controlled: [(prefix: Prefix, accessClass: String)] = []
    private var all: [Prefix] = []

    /// Adds what a peer may send from; without a class no document is about it.
    mutating func add(_ allowedIPs: [Prefix], accessClass: String?) {
        all += allowedIPs
        if let accessClass { controlled += allowedIPs.map { ($0, accessClass) } }
    }

    /// The hosts and networks with their class, without an order; none overlap.
    var classes: [(prefix: Prefix, accessClass: String)] {
        guard controlled.contains(where: { !$0.prefix.isHost }) else { return controlled }
        let sorted = all.sorted()
        return controlled.flatMap { prefix, accessClass in
            prefix.isHost
                ? [(prefix, accessClass)]
                : prefix.without(Self.inside(prefix, sorted)).map { ($0, accessClass) }
        }
    }

    /// Those of the sorted prefixes that lie in one, without itself.
    private static func inside(_ prefix: Prefix, _ sorted: [Prefix]) -> some Sequence<Prefix> {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < prefix { low = middle + 1 } else { high = middle }
        }
        return sorted[low...].lazy.prefix { $0.address <= prefix.last }.filter { $0 != prefix && prefix.contains($0) }
    }
}
