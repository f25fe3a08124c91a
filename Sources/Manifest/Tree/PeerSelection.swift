import Model

/// Which peers the selectors of documents find. The peers are looked at once, not once per document.
struct PeerSelection {
    /// What selectors find.
    struct Found {
        /// Whether they find a peer.
        var isAny = false
        /// Whether they find one that is not isolated.
        var isOpen = false

        fileprivate mutating func add(isIsolated: Bool) {
            isAny = true
            if !isIsolated { isOpen = true }
        }

        fileprivate mutating func add(_ other: Found?) {
            guard let other else { return }
            isAny = isAny || other.isAny
            isOpen = isOpen || other.isOpen
        }
    }

    private struct Label: Hashable {
        var key: String
        var value: String
    }

    private let labels: [[String: String]]
    private let isIsolated: [Bool]
    private var byOwner: [String: Found] = [:]
    private var byInterface: [String: Found] = [:]
    /// The peers of the labels that documents name.
    private var byLabel: [Label: [Int]] = [:]
    private var byLabels: [[String: String]: Found] = [:]

    /// - Parameters:
    ///   - isIsolated: for each of the peers.
    ///   - documents: what is going to be looked up.
    init(_ peers: [Declared<Peer>], isIsolated: [Bool], for documents: [Declared<AccessRule>]) {
        self.isIsolated = isIsolated
        labels = peers.map(\.object.labels)
        for declared in documents {
            for (key, value) in declared.object.from.labels { byLabel[Label(key: key, value: value)] = [] }
        }
        for (number, declared) in peers.enumerated() {
            let peer = declared.object
            byInterface[peer.interface, default: Found()].add(isIsolated: isIsolated[number])
            if let owner = peer.owner { byOwner[owner, default: Found()].add(isIsolated: isIsolated[number]) }
            guard !byLabel.isEmpty else { continue }
            for (key, value) in peer.labels { byLabel[Label(key: key, value: value)]?.append(number) }
        }
    }

    /// What the selectors of a document find.
    ///
    /// - Parameter peers: those it names.
    mutating func found(by sources: AccessSources, peers: [Int]) -> Found {
        var found = Found()
        for peer in peers { found.add(isIsolated: isIsolated[peer]) }
        for owner in sources.owners { found.add(byOwner[owner]) }
        for interface in sources.interfaces { found.add(byInterface[interface]) }
        if !sources.labels.isEmpty { found.add(self.found(by: sources.labels)) }
        return found
    }

    private mutating func found(by wanted: [String: String]) -> Found {
        if let known = byLabels[wanted] { return known }
        let lists = wanted.map { byLabel[Label(key: $0.key, value: $0.value)] ?? [] }
        var found = Found()
        for peer in lists.min(by: { $0.count < $1.count }) ?? [] {
            guard wanted.allSatisfy({ labels[peer][$0.key] == $0.value }) else { continue }
            found.add(isIsolated: isIsolated[peer])
            if found.isOpen { break }
        }
        byLabels[wanted] = found
        return found
    }
}
