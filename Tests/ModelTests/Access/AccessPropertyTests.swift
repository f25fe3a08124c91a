import Model
import Testing

/// The firewall is made of selectors, explanations of documents: they must never disagree.
@Suite("Access decisions of random policies")
struct AccessPropertyTests {
    /// What the words of a document mean, said once more and as plainly as possible.
    private func isMeant(_ peer: Peer, by sources: AccessSources) -> Bool {
        sources.peers.contains { $0.name == peer.name && ($0.interface ?? peer.interface) == peer.interface }
            || !sources.labels.isEmpty && sources.labels.allSatisfy { peer.labels[$0.key] == $0.value }
            || peer.owner.map(sources.owners.contains) ?? false
            || sources.interfaces.contains(peer.interface)
    }

    private func names(_ rule: AccessRule, _ address: IPAddress, _ service: Service, _ peers: [Peer]) -> Bool {
        let leadsThere = rule.to.contains { destination in
            switch destination {
            case .prefix(let prefix): prefix.contains(address)
            case .peer(let reference):
                peers.contains { peer in
                    peer.name == reference.name
                        && (peer.ip.contains(address) || peer.routes.contains { $0.contains(address) })
                }
            }
        }
        let isFor = rule.ports.contains { port in
            port.transport == service.transport
                && (service.ports.map { port.ports?.contains($0.lowerBound) ?? false } ?? true)
        }
        return leadsThere && (rule.ports.isEmpty || isFor)
    }

    /// Whose an address is, found by looking at every peer.
    private func owner(of address: IPAddress, _ peers: [Peer]) -> Peer? {
        var best: (length: Int, peer: Peer)?
        for peer in peers {
            for prefix in peer.serverAllowedIPs where prefix.contains(address) && prefix.length > best?.length ?? -1 {
                best = (prefix.length, peer)
            }
        }
        return best?.peer
    }

    /// The steps that documents decide, as they are documented.
    private func documents(
        _ peer: Peer, _ address: IPAddress, _ service: Service, _ catalog: Catalog
    ) -> AccessRule.Action {
        let rules = catalog.access.filter { isMeant(peer, by: $0.from) }
        let naming = rules.filter { names($0, address, service, catalog.peers) }
        if naming.contains(where: { $0.action == .deny }) { return .deny }
        if naming.contains(where: { $0.action == .allow }) { return .allow }
        return rules.contains { ($0.fallback ?? $0.action.opposite) == .deny } ? .deny : .allow
    }

    /// What the firewall does.
    private func selectors(
        _ peer: Peer, _ address: IPAddress, _ service: Service, _ policy: AccessPolicy
    ) -> AccessRule.Action {
        let selectors = policy.selectors(of: peer).map { policy.selectors[$0] }
        if selectors.contains(where: { $0.denied?.contains(service, at: address) ?? false }) { return .deny }
        if selectors.contains(where: { $0.allowed?.contains(service, at: address) ?? false }) { return .allow }
        return selectors.contains(where: \.deniesRest) ? .deny : .allow
    }

    @Test("documents, selectors and the judge agree in every connection")
    func agreement() {
        var generator = SeededGenerator(seed: 6)
        var counts: [AccessRule.Action: Int] = [:]
        var words: [String: Int] = [:]
        for _ in 0..<200 {
            let catalog = RandomAccess.catalog(&generator)
            let policy = AccessPolicy(catalog, digest: SampleDigest())
            let judge = AccessJudge(catalog, digest: SampleDigest())
            for (number, peer) in catalog.peers.enumerated() {
                for address in RandomAccess.addresses {
                    let other = owner(of: address, catalog.peers)
                    let isIsolated = other.map { $0.isolated ?? false || peer.isolated ?? false } ?? false
                    let service = RandomAccess.questions[Int.random(in: 0..<8, using: &generator)]
                    let expected = documents(peer, address, service, catalog)
                    let decision = judge.decide(from: number, to: address, for: service)
                    guard selectors(peer, address, service, policy) == expected,
                        decision.action == (isIsolated ? .deny : expected)
                    else {
                        Issue.record("\(peer.name) to \(address) \(service): \(decision), \(catalog)")
                        return
                    }
                    counts[expected, default: 0] += 1
                    words[decision.cause.word, default: 0] += 1
                }
            }
        }
        // Policies that always say the same would prove nothing.
        #expect(counts.values.allSatisfy { $0 > 2000 } && counts.count == 2, "\(counts)")
        for word in ["isolation", "document", "default", "unnamed", "ungoverned"] {
            #expect(words[word] ?? 0 > 500, "\(words)")
        }
    }

    @Test("what a decision names is so: documents that hold the peer, and overridden ones that want the opposite")
    func statements() throws {
        var generator = SeededGenerator(seed: 60)
        var overridden = 0
        for _ in 0..<80 {
            let catalog = RandomAccess.catalog(&generator)
            let judge = AccessJudge(catalog, digest: SampleDigest())
            for (number, peer) in catalog.peers.enumerated() {
                for address in RandomAccess.addresses {
                    let service = RandomAccess.questions[Int.random(in: 0..<8, using: &generator)]
                    let decision = judge.decide(from: number, to: address, for: service)
                    overridden += decision.overridden.count
                    #expect(decision.statement.map { $0.action == decision.action } ?? true)
                    #expect(decision.overridden.allSatisfy { $0.action != decision.action })
                    for statement in decision.overridden + [decision.statement].compactMap({ $0 }) {
                        let rule = try #require(catalog.access.first { $0.name == statement.document })
                        #expect(rule.location == statement.location && isMeant(peer, by: rule.from))
                        #expect(statement.isDefault || names(rule, address, service, catalog.peers))
                    }
                }
            }
        }
        #expect(overridden > 300)
    }

    @Test("a document is about the peers of its sources")
    func memberships() {
        var generator = SeededGenerator(seed: 61)
        for _ in 0..<200 {
            let catalog = RandomAccess.catalog(&generator)
            let policy = AccessPolicy(catalog, digest: SampleDigest())
            for (number, rule) in policy.rules.enumerated() {
                for peer in catalog.peers {
                    let holds = policy.selectors(of: peer).contains { policy.selectors[$0].rules.contains(number) }
                    #expect(holds == isMeant(peer, by: rule.from))
                }
            }
        }
    }
}
