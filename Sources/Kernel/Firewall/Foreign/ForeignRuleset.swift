import Model

/// The chains of other tables that can drop forwarded or incoming packets, with everything they jump to.
struct ForeignRuleset: Sendable {
    /// A chain is named within its table.
    struct ChainID: Sendable, Hashable {
        let family: String
        let table: String
        let chain: String

        /// The chain as plans speak of it.
        var chainValue: ForeignChain { ForeignChain(family: family, table: table, name: chain) }
    }

    /// A base chain of type filter at hook forward or input.
    struct BaseChain: Sendable {
        let id: ChainID
        let hook: String
        let dropsByPolicy: Bool
    }

    /// The base chains in the order of the listing.
    private(set) var baseChains: [BaseChain] = []
    /// The statements of each rule, by chain.
    private(set) var rules: [ChainID: [[JSONValue]]] = [:]
    /// The handle of each rule in ``rules``, which names it in its table.
    private(set) var handles: [ChainID: [Int64]] = [:]
    /// Our rules with their handles, in the order of the listing.
    private(set) var ownRules: [(rule: ForeignRule, handle: Int64)] = []
    /// All chains, those without rules too.
    private(set) var chains: Set<ChainID> = []

    /// Reads `nft -j list ruleset`; our own table is left out.
    init(_ ruleset: JSONValue) {
        for object in ruleset["nftables"]?.elements ?? [] {
            if let chain = object["chain"], let id = Self.id(chain, name: "name") {
                chains.insert(id)
                if chain["type"]?.text == "filter", let hook = chain["hook"]?.text, ["forward", "input"].contains(hook)
                {
                    baseChains.append(
                        BaseChain(id: id, hook: hook, dropsByPolicy: chain["policy"]?.text == "drop"))
                }
            } else if let rule = object["rule"], let id = Self.id(rule, name: "chain") {
                let expressions = rule["expr"]?.elements ?? []
                let handle = rule["handle"]?.integer ?? 0
                rules[id, default: []].append(expressions)
                handles[id, default: []].append(handle)
                if let comment = rule["comment"]?.text, let own = ForeignRule(id.chainValue, comment, expressions) {
                    ownRules.append((own, handle))
                }
            }
        }
    }

    private static func id(_ object: JSONValue, name: String) -> ChainID? {
        guard let family = object["family"]?.text, ["ip", "ip6", "inet"].contains(family),
            let table = object["table"]?.text, let chain = object[name]?.text,
            family != FirewallRenderer.family || table != FirewallRenderer.table
        else { return nil }
        return ChainID(family: family, table: table, chain: chain)
    }
}
