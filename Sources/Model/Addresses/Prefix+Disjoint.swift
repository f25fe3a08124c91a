extension Sequence<Prefix> {
    /// The prefixes sorted, without those that lie in another of them: they cover the same addresses, and nftables
    /// refuses overlaps in a set.
    public func disjoint() -> [Prefix] {
        // A prefix sorts before everything in it.
        sorted().reduce(into: []) { kept, prefix in
            if kept.last?.contains(prefix) != true { kept.append(prefix) }
        }
    }
}
