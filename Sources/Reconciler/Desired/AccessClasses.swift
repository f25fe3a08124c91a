import Model

/// The policy of a catalog as chains and sets: peers that the same selectors hold are one class.
struct AccessClasses {
    private let policy: AccessPolicy
    private let digest: any Digest
    private var known: [[Int]: FirewallAccess.Class] = [:]

    /// Nil without documents: the table is what it would be without this.
    init?(_ catalog: Catalog, digest: any Digest) {
        guard !catalog.access.isEmpty else { return nil }
        policy = AccessPolicy(catalog, digest: digest)
        self.digest = digest
    }

    /// The class of a peer; nil: no document is about it.
    mutating func identifier(of peer: Peer) -> String? {
        let selectors = policy.selectors(of: peer)
        guard !selectors.isEmpty else { return nil }
        if let found = known[selectors] { return found.id }
        let identifiers = selectors.map { policy.selectors[$0].id }.sorted()
        let deniesRest = selectors.contains { policy.selectors[$0].deniesRest }
        var form = CanonicalForm()
        for identifier in identifiers { form.append(identifier) }
        form.append(deniesRest ? "deny" : "allow")
        let new = FirewallAccess.Class(
            id: digest.digest(form.bytes).short, selectors: identifiers, deniesRest: deniesRest)
        known[selectors] = new
        return new.id
    }

    /// The structure that all classes need that were asked for. It follows from who is declared and from what kind the
    /// documents are, not from what they name.
    var structure: FirewallAccess {
        FirewallAccess(classes: known.values.sorted { $0.id < $1.id }, sets: sets.keys.sorted())
    }

    /// The members of the sets.
    var elements: FirewallElements {
        var elements: FirewallElements = [:]
        for (set, reachable) in sets {
            for (prefix, services) in reachable.services where (services == .all) != set.namesServices {
                let key = FirewallSet.access(set, prefix.family)
                if set.namesServices {
                    for service in services.members(prefix.family) {
                        elements[key, default: []].insert(FirewallMember(prefix, service: service))
                    }
                } else {
                    elements[key, default: []].insert(FirewallMember(prefix))
                }
            }
        }
        return elements
    }

    /// The sets of the selectors that hold a peer, with what their documents name.
    private var sets: [AccessSet: ReachableServices] {
        var sets: [AccessSet: ReachableServices] = [:]
        for number in Set(known.keys.joined()) {
            let selector = policy.selectors[number]
            for rule in selector.rules.map({ policy.rules[$0] }) {
                let set = AccessSet(
                    selector: selector.id, action: rule.action, namesServices: !rule.ports.isEmpty)
                sets[set] = rule.action == .allow ? selector.allowed : selector.denied
            }
        }
        return sets
    }
}
