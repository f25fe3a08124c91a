/// Which services of which prefixes: what documents allow or deny, without a word twice.
public struct ReachableServices: Sendable, Hashable {
    /// The services of each prefix that no wider one has. Prefixes may lie in one another, what they name does not
    /// overlap; but where a prefix has every protocol, wider ones may have some of them too.
    public private(set) var services: [Prefix: ServiceSet]

    /// What any of the entries names.
    public init(_ entries: some Sequence<(Prefix, ServiceSet)> = []) {
        var merged: [Prefix: ServiceSet] = [:]
        for (prefix, set) in entries { merged[prefix] = merged[prefix].map { $0.union(set) } ?? set }
        services = [:]
        // The prefixes that the one at hand lies in, with all that they name.
        var around: [(prefix: Prefix, services: ServiceSet)] = []
        for prefix in merged.keys.sorted() {
            guard let own = merged[prefix] else { continue }
            while let last = around.last, !last.prefix.contains(prefix) { around.removeLast() }
            let inherited = around.last?.services ?? ServiceSet()
            // Everything stays whole: no member of a set could say "every other protocol".
            let rest = own == .all && inherited != .all ? own : own.subtracting(inherited)
            if !rest.isEmpty { services[prefix] = rest }
            around.append((prefix, inherited.union(own)))
        }
    }

    /// Whether it names nothing.
    public var isEmpty: Bool { services.isEmpty }

    /// Whether every port of a service of an address is named.
    public func contains(_ service: Service, at address: IPAddress) -> Bool {
        var left = ServiceSet([service])
        for (prefix, set) in services where prefix.contains(address) { left = left.subtracting(set) }
        return left.isEmpty
    }

    /// What of a prefix is named here, at any of its addresses.
    public func services(in prefix: Prefix) -> ServiceSet {
        services.filter { $0.key.overlaps(prefix) }.reduce(ServiceSet()) { $0.union($1.value) }
    }

    /// What is named here and not in the other, by prefix as it is named here, ascending. A prefix of which the other
    /// names a part only counts as a whole.
    public func subtracting(_ other: ReachableServices) -> [(prefix: Prefix, services: ServiceSet)] {
        services.keys.sorted().compactMap { prefix in
            guard var left = services[prefix] else { return nil }
            for (wider, set) in other.services where wider.contains(prefix) { left = left.subtracting(set) }
            return left.isEmpty ? nil : (prefix, left)
        }
    }
}
