internal import Model

/// The declared rules, sorted by whom they are for.
struct PolicyRules: Sendable {
    /// Rules that name a peer, by its number.
    private let byPeer: [Int: RuleSet]
    /// Rules that name addresses.
    private let byAddress: RuleSet
    /// Rules for everybody.
    private let global: RuleSet
    /// The built-in rules for everybody, and the numbers of the peers that they are for after all.
    private let builtIn: (rules: RuleSet, peers: Set<Int>)
    /// The canonical texts of rules that are taken back in every list.
    let disabled: Set<String>
    /// Whether there are none, as at many a gateway: then nothing is searched for.
    let isEmpty: Bool

    init(_ own: OwnRules, peers: [PolicyPeer], key: NameKey) throws(ExpressionFault) {
        let rules = own.disabled.isEmpty ? own.rules : own.rules.filter { !own.disabled.contains($0.canonicalText) }
        var numbers: [String: [Int]] = [:]
        for (number, peer) in peers.enumerated() {
            for name in Set([peer.name, peer.label]) {
                numbers[name, default: []].append(number)
                numbers["\(peer.interface)/\(name)", default: []].append(number)
            }
        }
        var byPeer: [Int: [FilterRule]] = [:]
        var byAddress: [FilterRule] = []
        var global: [FilterRule] = []
        for rule in rules {
            guard let clients = rule.clients, clients.isPersonal else {
                global.append(rule)
                continue
            }
            var meant: Set<Int> = []
            var namesAddresses = false
            for client in clients.included {
                switch client {
                case .peer(_, _): meant.formUnion(numbers["\(client)"] ?? [])
                case .prefix(_): namesAddresses = true
                }
            }
            for number in meant { byPeer[number, default: []].append(rule) }
            if namesAddresses { byAddress.append(rule) }
        }
        var sets: [Int: RuleSet] = [:]
        for (number, rules) in byPeer { sets[number] = try RuleSet(rules, key: key) }
        self.byPeer = sets
        self.byAddress = try RuleSet(byAddress, key: key)
        self.global = try RuleSet(global, key: key)
        let enforced = Set(peers.indices.filter { peers[$0].blocksResolvers })
        let resolvers = enforced.isEmpty ? [] : WellKnownResolvers.rules
        builtIn = (
            try RuleSet(resolvers.filter { !own.disabled.contains($0.canonicalText) }, key: key), enforced
        )
        disabled = own.disabled
        isEmpty = rules.isEmpty && enforced.isEmpty
    }

    /// Whether names are needed as text, for expressions.
    var needsText: Bool { global.needsText || byAddress.needsText || byPeer.values.contains { $0.needsText } }

    /// Whether one of them can speak to an address in an answer; those that are built in speak to hosts only.
    var mayNameAddresses: Bool {
        global.mayNameAddresses || byAddress.mayNameAddresses || byPeer.values.contains { $0.mayNameAddresses }
    }

    /// Calls `body` with each rule of a layer that speaks to a question.
    func forEachMatch(_ subject: borrowing Subject, in layer: PolicyLayer, _ body: (RuleMatch) -> Void) {
        let take = { (rule: FilterRule) in
            body(
                RuleMatch(
                    action: rule.action, isImportant: rule.isImportant, layer: layer, source: rule.source,
                    text: rule.text))
        }
        switch layer {
        case .peerRules:
            byPeer[subject.question.client.index]?.forEachMatch(subject, take)
            byAddress.forEachMatch(subject, take)
        case .globalRules:
            global.forEachMatch(subject, take)
            // Behind those that were declared: an allow is stronger than a block, and of two blocks the first is named.
            if builtIn.peers.contains(subject.question.client.index) { builtIn.rules.forEachMatch(subject, take) }
        case .blocklists: break
        }
    }
}
