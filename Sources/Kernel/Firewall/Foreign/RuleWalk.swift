/// Walks a chain with a class of packets and says whether it surely drops them.
///
/// Only what is certain counts: a rule that may or may not match is passed over, whether it accepts or drops. One that may
/// return takes the certainty from the drops behind it in its chain.
struct RuleWalk {
    private enum Outcome {
        case accept, drop, fallThrough
    }

    private let ruleset: ForeignRuleset
    private let packet: PacketClass

    init(_ ruleset: ForeignRuleset, _ packet: PacketClass) {
        self.ruleset = ruleset
        self.packet = packet
    }

    /// Whether all packets of the class end in a drop or reject, by a rule or by the chain's policy.
    func isDropped(by chain: ForeignRuleset.BaseChain) -> Bool {
        switch walk(chain.id, depth: 0) {
        case .accept: false
        case .drop: true
        case .fallThrough: chain.dropsByPolicy
        }
    }

    /// NFT_JUMP_STACK_SIZE of the kernel is 16.
    private func walk(_ chain: ForeignRuleset.ChainID, depth: Int) -> Outcome {
        guard depth < 16 else { return .fallThrough }
        var mayHaveReturned = false
        rules: for rule in ruleset.rules[chain] ?? [] {
            if mayReturn(rule) {
                mayHaveReturned = true
                continue
            }
            for statement in rule {
                guard let (name, value) = statement.members?.first.map({ ($0.name, $0.value) }) else { continue rules }
                switch name {
                case "match": guard packet.satisfies(value) == true else { continue rules }
                case "accept": return .accept
                case "drop", "reject": return mayHaveReturned ? .fallThrough : .drop
                case "return": return .fallThrough
                case "jump", "goto":
                    let outcome = jump(chain, value["target"]?.text, depth)
                    if outcome == .drop, mayHaveReturned { return .fallThrough }
                    if outcome != .fallThrough || name == "goto" { return outcome }
                case "vmap":
                    guard let verdict = verdict(of: value) else { continue rules }
                    switch verdict.name {
                    case "accept": return .accept
                    case "drop": return .drop
                    case "return": return .fallThrough
                    case "jump", "goto":
                        let outcome = jump(chain, verdict.value["target"]?.text, depth)
                        if outcome != .fallThrough || verdict.name == "goto" { return outcome }
                    default: break
                    }
                case "counter", "log", "mangle", "notrack": continue
                // A limit, a match of an iptables extension, a queue: what follows is not certain.
                default: continue rules
                }
            }
        }
        return .fallThrough
    }

    /// Whether a rule returns some packets of the class, for all that is known, and not surely all or none.
    private func mayReturn(_ rule: [JSONValue]) -> Bool {
        guard rule.contains(where: { $0.members?.first?.name == "return" }) else { return false }
        var isCertain = true
        for statement in rule {
            switch statement.members?.first?.name {
            case "match":
                switch statement["match"].flatMap(packet.satisfies) {
                case false: return false
                case true: break
                case nil: isCertain = false
                }
            case "counter", "log", "mangle", "notrack", "return": break
            default: isCertain = false
            }
        }
        return !isCertain
    }

    private func jump(_ from: ForeignRuleset.ChainID, _ target: String?, _ depth: Int) -> Outcome {
        guard let target else { return .fallThrough }
        return walk(.init(family: from.family, table: from.table, chain: target), depth: depth + 1)
    }

    /// The verdict of a map written into the rule; nil when its key is not known.
    private func verdict(of map: JSONValue) -> JSONValue.Member? {
        guard let key = map["key"], let entries = map["data"]?["set"]?.elements else { return nil }
        for entry in entries {
            guard let pair = entry.elements, pair.count == 2, let isMatch = packet.contains(pair[0], key) else {
                return nil
            }
            if isMatch { return pair[1].members?.first }
        }
        return nil
    }
}
