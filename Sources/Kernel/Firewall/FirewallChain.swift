import Model
import Reconciler

/// A chain of our table with its rules, in order.
struct FirewallChain {
    /// Where the kernel calls a base chain.
    struct Hook {
        let type: String
        let name: String
        let priority: Int64
    }

    /// One rule.
    struct Rule {
        let expressions: [JSONValue]
        var comment: String?
    }

    let name: String
    let hook: Hook?
    let rules: [Rule]

    /// The chains of a table. A base chain without rules is left out, except `forward`, where sets need their drops.
    static func all(of firewall: FirewallTable) throws(NftablesExpression.InvalidName) -> [FirewallChain] {
        let interfaces = firewall.policy.interfaces
        let names = try NftablesExpression.links(interfaces.map(\.name))
        // What the host says to itself keeps its address, also where a prefix is so wide that it holds it.
        let inside = try NftablesExpression.links(["lo"] + interfaces.map(\.name))
        let version = Rule(
            expressions: [["return": nil]], comment: FirewallRenderer.commentPrefix + firewall.policyDigest)
        var marks: [(out: Rule, in: Rule)] = []
        for interface in interfaces { if let pair = markRules(interface) { marks.append(pair) } }
        var forward = isolationRules(names)
        var redirect: [Rule] = []
        var input: [Rule] = []
        var masquerade: [Rule] = []
        for interface in interfaces {
            forward += try bypassRules(interface) + clampRules(interface)
            redirect += try redirectRules(interface)
            input += try inputRules(interface)
            masquerade += try masqueradeRules(interface, inside: inside)
        }
        // A chain stands before those that lead to it.
        var chains = [
            FirewallChain(name: FirewallRenderer.versionChain, hook: nil, rules: [version]),
            FirewallChain(name: bypassChain, hook: nil, rules: redirect.isEmpty ? [] : refusals),
        ]
        var forwarded: [Rule] = []
        if let forwards = firewall.policy.forwards {
            chains.append(
                FirewallChain(
                    name: forwardedChain, hook: nil, rules: try forwardedRules(forwards, interfaces.map(\.name))))
            forward.append(forwardedRule)
            forwarded = try forwardRules(forwards, interfaces.map(\.name))
            masquerade = try forwardMasqueradeRules(forwards) + masquerade
        }
        if let access = firewall.policy.access {
            chains += accessChains(access)
            forward += accessRules
        }
        if firewall.policy.tracksConnections { forward.append(trackingRule) }
        chains += [
            FirewallChain(name: "forward", hook: Hook(type: "filter", name: "forward", priority: 0), rules: forward),
            FirewallChain(name: "input", hook: Hook(type: "filter", name: "input", priority: 0), rules: input),
            FirewallChain(
                name: "mark_in", hook: Hook(type: "filter", name: "prerouting", priority: -150),
                rules: marks.map(\.in)),
            FirewallChain(
                name: "mark_out", hook: Hook(type: "filter", name: "postrouting", priority: -150),
                rules: marks.map(\.out)),
            FirewallChain(name: "dns", hook: Hook(type: "nat", name: "prerouting", priority: -100), rules: redirect),
            FirewallChain(
                name: "port_forwards", hook: Hook(type: "nat", name: "prerouting", priority: -100), rules: forwarded),
            FirewallChain(
                name: "postrouting", hook: Hook(type: "nat", name: "postrouting", priority: 100), rules: masquerade),
        ]
        return chains.filter { !$0.rules.isEmpty }
    }

    /// Does nothing but ask for the state of a connection: the kernel tracks connections where a rule does.
    private static let trackingRule = Rule(
        expressions: [["match": ["op": "in", "left": NftablesExpression.conntrack("state"), "right": "new"]]],
        comment: "has connections tracked, so that they are counted")

    /// Nothing of an isolated peer goes from a managed interface to a managed interface, nor to it.
    private static func isolationRules(_ managed: JSONValue) -> [Rule] {
        FirewallSet.isolated.flatMap { set in
            ["saddr", "daddr"].map { field in
                Rule(expressions: [
                    NftablesExpression.match(NftablesExpression.meta("iifname"), managed),
                    NftablesExpression.match(NftablesExpression.meta("oifname"), managed),
                    NftablesExpression.match(
                        NftablesExpression.payload(NftablesExpression.layer(set.family), field),
                        .string("@\(set.rawValue)")),
                    NftablesExpression.drop,
                ])
            }
        }
    }

    /// Segments fit the tunnel both ways: into it by the MTU of the route, out of it by the interface's own, because the
    /// route of those packets leads elsewhere.
    private static func clampRules(
        _ interface: FirewallInterface
    ) throws(NftablesExpression.InvalidName) -> [Rule] {
        guard let mtu = interface.mssClampMTU else { return [] }
        let link = try NftablesExpression.links([interface.name])
        let into = Rule(expressions: [
            NftablesExpression.match(NftablesExpression.meta("oifname"), link), NftablesExpression.isHandshake,
            NftablesExpression.setMaximumSegment(["rt": ["key": "mtu"]]),
        ])
        // IP header and TCP header: 20 + 20 for IPv4, 40 + 20 for IPv6.
        let outOf = [("ipv4", 40), ("ipv6", 60)].map { family, headers in
            Rule(expressions: [
                NftablesExpression.match(NftablesExpression.meta("iifname"), link),
                NftablesExpression.match(NftablesExpression.meta("nfproto"), .string(family)),
                NftablesExpression.isHandshake,
                NftablesExpression.setMaximumSegment(.number(Int64(max(mtu - headers, 1)))),
            ])
        }
        return [into] + outOf
    }

    /// What peers reach on the gateway itself; where their DNS is enforced, the forwarder always. Answers to connections
    /// that the gateway opened come first: they are told from a running connection of the peer by their direction.
    private static func inputRules(
        _ interface: FirewallInterface
    ) throws(NftablesExpression.InvalidName) -> [Rule] {
        var services: [Service]
        switch interface.input {
        case .allow: return []
        case .dnsOnly: services = ["udp/53", "tcp/53"].compactMap { Service($0) }
        case .services(let allowed): services = allowed
        }
        for service in forwarderServices(interface) where !services.contains(service) { services.append(service) }
        let link = NftablesExpression.match(
            NftablesExpression.meta("iifname"), try NftablesExpression.links([interface.name]))
        let answers = Rule(expressions: [
            link,
            [
                "match": [
                    "op": "in", "left": NftablesExpression.conntrack("state"), "right": ["established", "related"],
                ]
            ],
            NftablesExpression.match(NftablesExpression.conntrack("direction"), "reply"), NftablesExpression.accept,
        ])
        let allowed = services.map { service in
            Rule(expressions: [link, match(service), NftablesExpression.accept])
        }
        return [answers] + allowed + [Rule(expressions: [link, NftablesExpression.drop])]
    }

    private static func match(_ service: Service) -> JSONValue {
        guard let ports = service.ports else {
            return NftablesExpression.match(
                NftablesExpression.meta("l4proto"), NftablesExpression.anyOf(["icmp", "ipv6-icmp"]))
        }
        let port = NftablesExpression.payload(service.transport.rawValue, "dport")
        return ports.count == 1
            ? NftablesExpression.match(port, .number(Int64(ports.lowerBound)))
            : NftablesExpression.match(
                port, ["range": [.number(Int64(ports.lowerBound)), .number(Int64(ports.upperBound))]])
    }

    /// Sources of the interface's own prefixes leave the managed interfaces with the gateway's address.
    private static func masqueradeRules(
        _ interface: FirewallInterface, inside: JSONValue
    ) throws(NftablesExpression.InvalidName) -> [Rule] {
        let output = NftablesExpression.meta("oifname")
        let leaves =
            interface.masqueradeOutputs.isEmpty
            ? NftablesExpression.match(output, inside, isEqual: false)
            : NftablesExpression.match(output, try NftablesExpression.links(interface.masqueradeOutputs))
        return AddressFamily.allCases.compactMap { family in
            let prefixes = interface.masqueraded.filter { $0.family == family }
            guard !prefixes.isEmpty else { return nil }
            return Rule(expressions: [
                leaves,
                NftablesExpression.match(
                    NftablesExpression.payload(NftablesExpression.layer(family), "saddr"),
                    NftablesExpression.anyOf(prefixes.disjoint().map(NftablesExpression.element))),
                NftablesExpression.masquerade,
            ])
        }
    }

    /// The mark of encrypted packets is remembered by connection tracking and given back to the answers, as wg-quick(8)
    /// does it; only our own mark is ever restored.
    private static func markRules(_ interface: FirewallInterface) -> (out: Rule, in: Rule)? {
        guard let mark = interface.defaultRouteMark, mark != 0 else { return nil }
        let isUDP = NftablesExpression.match(NftablesExpression.meta("l4proto"), "udp")
        let value = JSONValue.number(Int64(mark))
        return (
            Rule(expressions: [
                isUDP, NftablesExpression.match(NftablesExpression.meta("mark"), value),
                ["mangle": ["key": NftablesExpression.conntrack("mark"), "value": value]],
            ]),
            Rule(expressions: [
                isUDP, NftablesExpression.match(NftablesExpression.conntrack("mark"), value),
                ["mangle": ["key": NftablesExpression.meta("mark"), "value": value]],
            ])
        )
    }
}
