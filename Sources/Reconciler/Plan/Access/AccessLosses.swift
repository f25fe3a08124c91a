import Model

/// What peers that are connected may no longer reach, once the `Access` documents are as declared. Peers and their labels
/// are taken as declared on both sides, documents before as the inventory recorded them.
struct AccessLosses {
    /// What each losing peer loses, by document that is, or was, about it.
    private var peers: [String: [String]] = [:]
    private var losses: [(peer: String, loss: String)] = []

    /// Nil where no document changed.
    init?(_ input: PlanInput) {
        let policies = input.desired.policies
        let digest = NoDigest()
        let before = input.inventory.applied.compactMap { object, text in
            object.kind == .access ? AccessRule(name: object.name, PolicyRecord(text)) : nil
        }
        let live = Self.live(input)
        guard !live.isEmpty else { return nil }
        let declared = Catalog(interfaces: [], peers: policies.peers, access: policies.rules)
        let old = AccessPolicy(Catalog(interfaces: [], peers: policies.peers, access: before), digest: digest)
        let new = AccessPolicy(declared, digest: digest)
        // Peers of the same documents lose the same.
        var known: [[[Int]]: String?] = [:]
        for peer in declared.peers where live.contains(PeerID(interface: peer.interface, publicKey: peer.publicKey)) {
            let key = [old.selectors(of: peer), new.selectors(of: peer)]
            let found = known[key] ?? PeerReach(peer, new).loss(since: PeerReach(peer, old))
            known.updateValue(found, forKey: key)
            guard let loss = found else { continue }
            let name = "\(peer.interface)/\(peer.name)"
            losses.append((name, loss))
            let documents = Set(
                [old, new].flatMap { policy in
                    policy.selectors(of: peer).flatMap { policy.selectors[$0].rules }.map { policy.rules[$0].name }
                })
            for document in documents { peers[document, default: []].append(name) }
        }
    }

    /// How many live peers that a document is, or was, about lose something.
    func count(_ document: String) -> Int { peers[document]?.count ?? 0 }

    /// Who loses what; the first of many.
    var notes: [PlanNote] {
        let shown = 10
        var notes = losses.prefix(shown).map { peer, loss in
            PlanNote(object: ObjectID(.peer, peer), message: "is connected and may no longer reach \(loss)")
        }
        if losses.count > shown {
            let rest = Counting.counted(losses.count - shown, "more peer")
            notes.append(
                PlanNote(
                    object: .firewallTable, message: "\(rest) that are connected may no longer reach all they could"))
        }
        return notes
    }

    private static func live(_ input: PlanInput) -> Set<PeerID> {
        var live: Set<PeerID> = []
        for (name, device) in input.observed.devices {
            for peer in device.peers where peer.isLive(at: input.now) {
                live.insert(PeerID(interface: name, publicKey: peer.publicKey))
            }
        }
        return live
    }
}

/// What a peer may reach: all but what is denied, or only what is allowed.
private struct PeerReach {
    let allowed: ReachableServices
    let denied: ReachableServices
    let deniesRest: Bool

    init(_ peer: Peer, _ policy: AccessPolicy) {
        let selectors = policy.selectors(of: peer).map { policy.selectors[$0] }
        let merged = { (part: [ReachableServices?]) in
            ReachableServices(part.compactMap { $0 }.flatMap { $0.services.map { ($0.key, $0.value) } })
        }
        allowed = merged(selectors.map(\.allowed))
        denied = merged(selectors.map(\.denied))
        deniesRest = selectors.contains(where: \.deniesRest)
    }

    /// What it no longer reaches, in words; nil: nothing that was reachable.
    func loss(since before: PeerReach) -> String? {
        var words: [String] = []
        if deniesRest, !before.deniesRest {
            let rest = allowed.services.keys.sorted().map { "\(allowed.services[$0] ?? .all) of \($0)" }
            words.append(rest.isEmpty ? "anything" : "anything but \(Self.list(rest))")
        } else if deniesRest {
            words += Self.words(before.allowed.subtracting(allowed))
        }
        // What was out of reach already is no loss.
        words += Self.words(
            denied.subtracting(before.denied).map { prefix, services in
                let reached = before.deniesRest ? before.allowed.services(in: prefix) : .all
                return (prefix, services.intersection(reached))
            })
        return words.isEmpty ? nil : Self.list(words)
    }

    private static func words(_ parts: [(prefix: Prefix, services: ServiceSet)]) -> [String] {
        parts.filter { !$0.services.isEmpty }.map { "\($0.services) of \($0.prefix)" }
    }

    private static func list(_ words: [String]) -> String {
        let shown = 4
        return words.prefix(shown).joined(separator: ", ")
            + (words.count > shown ? " and \(words.count - shown) more" : "")
    }
}

/// Names that nobody reads.
private struct NoDigest: Digest {
    func digest(_ bytes: [UInt8]) -> DigestValue { DigestValue(bytes: [UInt8](repeating: 0, count: 32)) }
}
