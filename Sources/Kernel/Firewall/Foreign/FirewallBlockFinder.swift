import Model

/// Finds foreign chains that drop what a gateway needs, and says what lets it pass.
///
/// An accept of ours can't win over them: every base chain of a hook has to let a packet through.
struct FirewallBlockFinder {
    /// What is known about the host's links.
    struct Host {
        /// The links of the default routes, by family; where the internet is.
        var uplinks: [AddressFamily: Set<String>] = [:]
        /// The prefixes of our interfaces, by name.
        var prefixes: [String: [Prefix]] = [:]
    }

    let ruleset: ForeignRuleset
    let host: Host

    /// The blocks of these interfaces (name and port), sorted by interface, then in the order of the ruleset.
    ///
    /// - Parameters:
    ///   - listenPorts: where WireGuard listens to the world.
    ///   - forwarderPorts: where the DNS forwarder answers peers.
    func blocks(listenPorts: [String: UInt16], forwarderPorts: [String: UInt16] = [:]) -> [FirewallBlock] {
        listenPorts.sorted { $0.key < $1.key }.flatMap { name, port in
            ruleset.baseChains.flatMap { chain -> [FirewallBlock] in
                guard chain.hook == "input" else { return [forwardBlock(chain, name)].compactMap(\.self) }
                let queries = forwarderPorts[name].flatMap { queryBlock(chain, name, $0) }
                return [inputBlock(chain, name, port), queries].compactMap(\.self)
            }
        }
    }

    /// Queries of peers. The forwarder takes them over TCP too; who lets one pass and not the other is not told apart.
    private func queryBlock(_ chain: ForeignRuleset.BaseChain, _ name: String, _ port: UInt16) -> FirewallBlock? {
        let prefixes = host.prefixes[name] ?? []
        let isBlocked = families(of: chain).filter { family in
            prefixes.isEmpty || prefixes.contains { $0.family == family }
        }.contains { family in
            let query = PacketClass(
                family: family, input: name, output: nil, state: "new", sources: prefixes, udpPort: port)
            return RuleWalk(ruleset, query).isDropped(by: chain)
        }
        guard isBlocked else { return nil }
        let command =
            hasChain("ufw-user-input", beside: chain) || hasChain("ufw6-user-input", beside: chain)
            ? "ufw allow in on \(name) to any port \(port)"
            : ["udp", "tcp"].map { "nft insert rule \(path(chain.id)) iifname \(name) \($0) dport \(port) accept" }
                .joined(separator: " && ")
        return FirewallBlock(interface: name, chain: path(chain.id), what: "DNS of peers", command: command)
    }

    private func inputBlock(_ chain: ForeignRuleset.BaseChain, _ name: String, _ port: UInt16) -> FirewallBlock? {
        let families = families(of: chain).filter { host.uplinks.isEmpty || host.uplinks[$0] != nil }
        let isBlocked = families.contains { family in
            uplinks(family).contains { uplink in
                let packet = PacketClass(family: family, input: uplink, output: nil, state: "new", udpPort: port)
                return RuleWalk(ruleset, packet).isDropped(by: chain)
            }
        }
        guard isBlocked else { return nil }
        let command =
            hasChain("ufw-user-input", beside: chain) || hasChain("ufw6-user-input", beside: chain)
            ? "ufw allow \(port)/udp" : "nft insert rule \(path(chain.id)) udp dport \(port) accept"
        return FirewallBlock(interface: name, chain: path(chain.id), what: "udp/\(port)", command: command)
    }

    private func forwardBlock(_ chain: ForeignRuleset.BaseChain, _ name: String) -> FirewallBlock? {
        let prefixes = host.prefixes[name] ?? []
        let families = families(of: chain).filter { family in
            prefixes.isEmpty || prefixes.contains { $0.family == family }
        }
        // Connections of peers, and the answers to them: the answers have to pass too.
        let isBlocked = families.contains { family in
            uplinks(family).contains { uplink in
                let out = PacketClass(family: family, input: name, output: uplink, state: "new", sources: prefixes)
                let back = PacketClass(family: family, input: uplink, output: name, state: "established")
                return [out, back].contains { RuleWalk(ruleset, $0).isDropped(by: chain) }
            }
        }
        guard isBlocked else { return nil }
        return FirewallBlock(
            interface: name, chain: path(chain.id), what: "forwarding", command: forwardCommand(chain, name))
    }

    /// A command that works as typed and that this finder recognises afterwards. Docker and ufw have chains for the
    /// administrator that survive their own changes.
    private func forwardCommand(_ chain: ForeignRuleset.BaseChain, _ name: String) -> String {
        if hasChain("DOCKER-USER", beside: chain) {
            let program = chain.id.family == "ip6" ? "ip6tables" : "iptables"
            return ["-i", "-o"].map { "\(program) -I DOCKER-USER \($0) \(name) -j ACCEPT" }.joined(separator: " && ")
        }
        if hasChain("ufw-user-forward", beside: chain) || hasChain("ufw6-user-forward", beside: chain) {
            return "ufw route allow in on \(name) && ufw route allow out on \(name)"
        }
        return ["iifname", "oifname"].map { "nft insert rule \(path(chain.id)) \($0) \(name) accept" }
            .joined(separator: " && ")
    }

    private func hasChain(_ name: String, beside chain: ForeignRuleset.BaseChain) -> Bool {
        ruleset.chains.contains(.init(family: chain.id.family, table: chain.id.table, chain: name))
    }

    private func families(of chain: ForeignRuleset.BaseChain) -> [AddressFamily] {
        switch chain.id.family {
        case "ip": [.ipv4]
        case "ip6": [.ipv6]
        default: [.ipv4, .ipv6]
        }
    }

    private func uplinks(_ family: AddressFamily) -> [String?] {
        guard let links = host.uplinks[family], !links.isEmpty else { return [nil] }
        return links.sorted()
    }

    private func path(_ id: ForeignRuleset.ChainID) -> String { "\(id.family) \(id.table) \(id.chain)" }
}
