/// The peers of a catalog by what documents name them by.
public struct PeerDirectory: Sendable {
    private let peers: [Peer]
    private let byName: [String: [Int]]
    private let byOwner: [String: [Int]]
    private let byInterface: [String: [Int]]
    private let byLabel: [String: [String: [Int]]]

    /// A directory of these peers; what it finds are indices into them.
    public init(_ peers: [Peer]) {
        self.peers = peers
        let numbers = peers.indices
        byName = Dictionary(grouping: numbers) { peers[$0].name }
        byInterface = Dictionary(grouping: numbers) { peers[$0].interface }
        byOwner = Dictionary(grouping: numbers.lazy.filter { peers[$0].owner != nil }) { peers[$0].owner ?? "" }
        var byLabel: [String: [String: [Int]]] = [:]
        for number in numbers {
            for (key, value) in peers[number].labels { byLabel[key, default: [:]][value, default: []].append(number) }
        }
        self.byLabel = byLabel
    }

    /// The peer of a reference; nil if there is none, or several.
    public func peer(_ reference: PeerReference) -> Int? {
        let found = peers(named: reference)
        return found.count == 1 ? found.first : nil
    }

    /// The peers that a reference may mean, ascending: more than one only without an interface.
    public func peers(named reference: PeerReference) -> [Int] {
        (byName[reference.name] ?? []).filter {
            reference.interface == nil || peers[$0].interface == reference.interface
        }
    }

    /// The peers that any of the selectors finds, ascending.
    public func peers(of sources: AccessSources) -> [Int] {
        var found = Set(sources.peers.compactMap { peer($0) })
        for owner in sources.owners { found.formUnion(byOwner[owner] ?? []) }
        for interface in sources.interfaces { found.formUnion(byInterface[interface] ?? []) }
        let labels = sources.labels.map { Set(byLabel[$0.key]?[$0.value] ?? []) }
        if var common = labels.min(by: { $0.count < $1.count }) {
            for set in labels { common.formIntersection(set) }
            found.formUnion(common)
        }
        return found.sorted()
    }

    /// The addresses that a destination stands for.
    public func prefixes(of destination: AccessDestination) -> [Prefix] {
        switch destination {
        case .prefix(let prefix): [prefix]
        case .peer(let reference): peer(reference).map { peers[$0].serverAllowedIPs } ?? []
        }
    }

    /// The same sources, each named once, sorted, and peers with their interface.
    public func canonical(_ sources: AccessSources) -> AccessSources {
        var result = sources
        result.peers = Set(
            sources.peers.map { reference in
                peer(reference).map { PeerReference(name: reference.name, interface: peers[$0].interface) } ?? reference
            }
        ).sorted { $0.description < $1.description }
        result.owners = Set(sources.owners).sorted()
        result.interfaces = Set(sources.interfaces).sorted()
        return result
    }
}
