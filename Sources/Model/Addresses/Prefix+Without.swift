extension Prefix {
    /// What is left of the prefix without those of `others` that lie in it: the fewest prefixes that cover it.
    public func without(_ others: some Sequence<Prefix>) -> [Prefix] {
        let inside = others.filter { contains($0) }
        if inside.isEmpty { return [self] }
        if inside.contains(self) { return [] }
        let halves = [Prefix(address, length: length + 1), Prefix(last, length: length + 1)]
        return halves.flatMap { $0.without(inside) }
    }
}
