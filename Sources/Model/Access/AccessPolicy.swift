/// What peers may reach through the gateway: the `Access` documents of a catalog with what they name found. The firewall
/// and `access explain` are made of the same value.
public struct AccessPolicy: Sendable {
    /// The documents, sorted by name.
    public let rules: [AccessRule]
    /// Whom documents are about, each `from` once, in the order of the first document that has it.
    public let selectors: [AccessSelector]
    /// The selectors that hold a peer, by index, ascending; by `interface/name`.
    private let memberships: [String: [Int]]

    /// The policy of a catalog whose references are valid; names that nobody has are nobody.
    public init(_ catalog: Catalog, digest: any Digest) {
        rules = catalog.access
        let directory = PeerDirectory(catalog.peers)
        var selectors: [AccessSelector] = []
        var numbers: [AccessSources: Int] = [:]
        for (index, rule) in rules.enumerated() {
            let sources = directory.canonical(rule.from)
            let number =
                numbers[sources]
                ?? {
                    selectors.append(AccessSelector(sources, id: Self.id(of: sources, digest)))
                    return selectors.count - 1
                }()
            numbers[sources] = number
            selectors[number].rules.append(index)
        }
        var memberships: [String: [Int]] = [:]
        for number in selectors.indices {
            Self.complete(&selectors[number], rules, directory)
            for peer in directory.peers(of: selectors[number].sources) {
                memberships[Self.key(catalog.peers[peer]), default: []].append(number)
            }
        }
        self.selectors = selectors
        self.memberships = memberships
    }

    /// The selectors that hold a peer, by index, ascending; empty: no document is about it.
    public func selectors(of peer: Peer) -> [Int] { memberships[Self.key(peer)] ?? [] }

    private static func key(_ peer: Peer) -> String { "\(peer.interface)/\(peer.name)" }

    private static func id(of sources: AccessSources, _ digest: any Digest) -> String {
        var form = CanonicalForm()
        for (word, values) in [
            ("peers", sources.peers.map(\.description)),
            ("labels", sources.labels.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }),
            ("owners", sources.owners), ("interfaces", sources.interfaces),
        ] {
            form.append(word)
            form.append(String(values.count))
            for value in values { form.append(value) }
        }
        return digest.digest(form.bytes).short
    }

    private static func complete(
        _ selector: inout AccessSelector, _ rules: [AccessRule], _ directory: PeerDirectory
    ) {
        for action in AccessRule.Action.allCases {
            let matching = selector.rules.lazy.map { rules[$0] }.filter { $0.action == action }
            if matching.isEmpty { continue }
            let reachable = ReachableServices(
                matching.flatMap { rule in
                    let services = ServiceSet(rule.ports)
                    return rule.to.flatMap { directory.prefixes(of: $0) }.map { ($0, services) }
                })
            switch action {
            case .allow: selector.allowed = reachable
            case .deny: selector.denied = reachable
            }
        }
        selector.deniesRest = selector.rules.contains { rules[$0].effectiveFallback == .deny }
    }
}
