import Model

extension ForeignRuleset {
    /// The chains that take rules of ours.
    ///
    /// - Docker leaves `DOCKER-USER` to the administrator, and keeps what stands there when it builds its chains anew.
    /// - ufw keeps its base chains when it reloads and fills its own anew, so that a rule in `ufw-user-forward` would be
    ///   gone. Behind `ufw-before-…`, from which the rules of the administrator are reached, it replaces the default policy
    ///   and nothing else.
    var places: Set<ForeignPlace> {
        var places: Set<ForeignPlace> = []
        for chain in baseChains {
            let hook: ForeignPlace.Hook = chain.hook == "input" ? .input : .forward
            let docker = ChainID(family: chain.id.family, table: chain.id.table, chain: Self.dockerChain)
            if hook == .forward, chains.contains(docker) {
                places.insert(ForeignPlace(program: .docker, chain: docker.chainValue, hook: hook))
            }
            let isUfws = ["ufw", "ufw6"].contains { prefix in
                chains.contains(
                    ChainID(family: chain.id.family, table: chain.id.table, chain: "\(prefix)-user-\(chain.hook)"))
            }
            if isUfws { places.insert(ForeignPlace(program: .ufw, chain: chain.id.chainValue, hook: hook)) }
        }
        return places
    }

    private static let dockerChain = "DOCKER-USER"

    /// What begins the chains of ufw that come after the decisions of the administrator.
    private static let late = ["after", "reject", "track"].flatMap { ["ufw-\($0)-", "ufw6-\($0)-"] }

    /// The commands that bring rules in and take others out.
    func commands(
        add: [ForeignRule], remove: [ForeignRule]
    ) throws(NftablesExpression.InvalidName) -> JSONValue {
        var commands: [JSONValue] = []
        let gone = Set(remove)
        for own in ownRules where gone.contains(own.rule) {
            var object = Self.located(own.rule.chain)
            object.append(.init(name: "handle", value: .number(own.handle)))
            commands.append(["delete": ["rule": .object(object)]])
        }
        let present = Set(ownRules.map(\.rule))
        for rule in add where !present.contains(rule) {
            guard let expressions = try rule.expressions else { continue }
            let id = ChainID(family: rule.chain.family, table: rule.chain.table, chain: rule.chain.name)
            var object = Self.located(rule.chain)
            let next = rule.chain.name == Self.dockerChain ? nil : firstLate(in: id)
            if let next { object.append(.init(name: "handle", value: .number(next))) }
            object.append(.init(name: "expr", value: .array(expressions)))
            object.append(.init(name: "comment", value: .string(ForeignRule.commentPrefix + rule.interface)))
            // Older Dockers end their chain with a return, so that nothing behind it counts.
            let isFirst = rule.chain.name == Self.dockerChain || next != nil
            commands.append([isFirst ? "insert" : "add": ["rule": .object(object)]])
        }
        return ["nftables": .array(commands)]
    }

    /// The handle of the first rule that leads to what ufw does after the rules of the administrator.
    private func firstLate(in chain: ChainID) -> Int64? {
        for (rule, handle) in zip(rules[chain] ?? [], handles[chain] ?? []) {
            let target = rule.lazy.compactMap { $0["jump"]?["target"]?.text ?? $0["goto"]?["target"]?.text }.first
            if let target, Self.late.contains(where: target.hasPrefix) { return handle }
        }
        return nil
    }

    private static func located(_ chain: ForeignChain) -> [JSONValue.Member] {
        [
            .init(name: "family", value: .string(chain.family)), .init(name: "table", value: .string(chain.table)),
            .init(name: "chain", value: .string(chain.name)),
        ]
    }
}
