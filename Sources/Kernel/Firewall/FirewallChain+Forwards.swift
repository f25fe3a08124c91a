import Model
import Reconciler

/// Ports of the gateway that lead to peers.
///
/// Connections that were forwarded carry a label of connection tracking. It tells them from what other tables translate,
/// so that those of a forward that is gone, or narrower than it was, can be stopped.
extension FirewallChain {
    /// The bit of the connection's label (`nft describe ct label`: 0 to 127) that says it was forwarded here.
    static let forwardedLabel: Int64 = 119

    /// The chain that stops what is forwarded no more.
    static let forwardedChain = "forwarded"

    /// Leads labelled connections there.
    static let forwardedRule = Rule(expressions: [isForwarded, NftablesExpression.jump(forwardedChain)])

    /// The new destinations.
    static func forwardRules(
        _ forwards: FirewallForwards, _ interfaces: [String]
    ) throws(NftablesExpression.InvalidName) -> [Rule] {
        var rules: [Rule] = []
        let incoming = NftablesExpression.meta("iifname")
        let managed = try NftablesExpression.links(interfaces)
        let outside = NftablesExpression.match(
            incoming, try NftablesExpression.links(["lo"] + interfaces), isEqual: false)
        for forward in forwards.entries {
            var links = outside
            if let link = forward.link {
                links = NftablesExpression.match(incoming, try NftablesExpression.links([link]))
            }
            let family = forward.target.address.family
            let tunnels = forwards.tunnelAddresses.filter { $0.family == family }
            // Peers that dial an outer address of the gateway.
            var hairpin = [NftablesExpression.match(incoming, managed)]
            if !tunnels.isEmpty {
                hairpin.append(
                    NftablesExpression.match(
                        NftablesExpression.payload(NftablesExpression.layer(family), "daddr"),
                        NftablesExpression.anyOf(tunnels.map { .string($0.description) }), isEqual: false))
            }
            for way in [[links], hairpin] {
                rules.append(
                    Rule(
                        expressions: way + [NftablesExpression.isOwnAddress]
                            + match(forward, port: forward.port, portField: "dport")
                            + match(forward.sources, family, "saddr")
                            + [setForwarded, NftablesExpression.destination(forward.target)]))
            }
        }
        return rules
    }

    /// What is still forwarded passes, in both directions, if it came in by that link and to that port; errors about it
    /// too.
    static func forwardedRules(
        _ forwards: FirewallForwards, _ interfaces: [String]
    ) throws(NftablesExpression.InvalidName) -> [Rule] {
        let related = Rule(expressions: [
            ["match": ["op": "in", "left": NftablesExpression.conntrack("state"), "right": "related"]],
            NftablesExpression.returnVerdict,
        ])
        var rules = [related]
        for forward in forwards.entries {
            let ways = [
                ("original", "iifname", "daddr", "dport", "saddr"), ("reply", "oifname", "saddr", "sport", "daddr"),
            ]
            for (direction, link, peer, port, other) in ways {
                var expressions = [
                    NftablesExpression.match(NftablesExpression.conntrack("direction"), .string(direction))
                ]
                if let name = forward.link {
                    let links = try NftablesExpression.links([name] + interfaces)
                    expressions.append(NftablesExpression.match(NftablesExpression.meta(link), links))
                }
                expressions.append(address(forward, peer))
                expressions += match(forward, port: forward.target.port, portField: port)
                expressions.append(
                    NftablesExpression.match(
                        ["ct": ["key": "proto-dst", "dir": "original"]], .number(Int64(forward.port))))
                expressions += match(forward.sources, forward.target.address.family, other)
                rules.append(Rule(expressions: expressions + [NftablesExpression.returnVerdict]))
            }
        }
        return rules + [Rule(expressions: [NftablesExpression.drop])]
    }

    /// Devices that don't take packets from everywhere see the gateway as the source: WireGuard drops what comes from
    /// outside a peer's allowed IPs. So do those that dial themselves: no host takes its own packets from outside.
    static func forwardMasqueradeRules(_ forwards: FirewallForwards) throws(NftablesExpression.InvalidName) -> [Rule] {
        var rules: [Rule] = []
        for forward in forwards.entries {
            let family = forward.target.address.family
            var expressions = [
                NftablesExpression.match(
                    NftablesExpression.meta("oifname"), try NftablesExpression.links([forward.interface])),
                isForwarded, address(forward, "daddr"),
            ]
            expressions += match(forward, port: forward.target.port, portField: "dport")
            let itself = match([Prefix(host: forward.target.address)], family, "saddr")
            rules.append(Rule(expressions: expressions + itself + [NftablesExpression.masquerade]))
            guard let accepted = forward.acceptedSources else { continue }
            expressions += match(accepted.filter { $0.family == family }, family, "saddr", isEqual: false)
            rules.append(Rule(expressions: expressions + [NftablesExpression.masquerade]))
        }
        return rules
    }

    private static let isForwarded: JSONValue = [
        "match": ["op": "in", "left": NftablesExpression.conntrack("label"), "right": .number(forwardedLabel)]
    ]

    private static let setForwarded: JSONValue = [
        "mangle": ["key": NftablesExpression.conntrack("label"), "value": .number(forwardedLabel)]
    ]

    private static func address(_ forward: FirewallForward, _ field: String) -> JSONValue {
        let target = forward.target.address
        return NftablesExpression.match(
            NftablesExpression.payload(NftablesExpression.layer(target.family), field), .string(target.description))
    }

    private static func match(_ forward: FirewallForward, port: UInt16, portField: String) -> [JSONValue] {
        [
            NftablesExpression.match(
                NftablesExpression.payload(forward.transport.rawValue, portField), .number(Int64(port)))
        ]
    }

    /// Nothing for no prefix: every address is meant.
    private static func match(
        _ prefixes: [Prefix], _ family: AddressFamily, _ field: String, isEqual: Bool = true
    ) -> [JSONValue] {
        guard !prefixes.isEmpty else { return [] }
        return [
            NftablesExpression.match(
                NftablesExpression.payload(NftablesExpression.layer(family), field),
                NftablesExpression.anyOf(prefixes.disjoint().map(NftablesExpression.element)), isEqual: isEqual)
        ]
    }
}
