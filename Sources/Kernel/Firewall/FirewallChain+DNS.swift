import Model
import Reconciler

/// The DNS of enforced peers. Who is one stands in sets; the rules are the same for one and for ten thousand.
extension FirewallChain {
    /// The chain that refuses what enforced peers must not reach elsewhere.
    static let bypassChain = "dns_bypass"

    /// Queries of enforced peers go to the forwarder, wherever they were sent. Not `redirect`: it takes the address that
    /// the kernel has first on the link, the forwarder listens on those that were declared.
    static func redirectRules(_ interface: FirewallInterface) throws(NftablesExpression.InvalidName) -> [Rule] {
        guard let dns = interface.dns else { return [] }
        let queries = try matches(interface, ports: [53])
        return dns.forwarders.flatMap { forwarder in
            enforcedSets(forwarder.address.family).map { set in
                Rule(expressions: queries + [isMember(of: set), NftablesExpression.destination(forwarder)])
            }
        }
    }

    /// Redirected queries are not forwarded: what is, goes around the forwarder.
    static func bypassRules(_ interface: FirewallInterface) throws(NftablesExpression.InvalidName) -> [Rule] {
        guard let dns = interface.dns else { return [] }
        let ports: [UInt16] = dns.rejectsTLS ? [53, 853] : [53]
        return [Rule(expressions: try matches(interface, ports: ports) + [NftablesExpression.jump(bypassChain)])]
    }

    /// Enforced peers are told at once, so that they try another way instead of waiting.
    static var refusals: [Rule] {
        let isTCP = NftablesExpression.match(NftablesExpression.meta("l4proto"), "tcp")
        return AddressFamily.allCases.flatMap { enforcedSets($0) }.flatMap { set in
            [
                Rule(expressions: [isTCP, isMember(of: set), NftablesExpression.reset]),
                Rule(expressions: [isMember(of: set), NftablesExpression.unreachable]),
            ]
        }
    }

    /// The ports of the gateway that redirected queries come in by.
    static func forwarderServices(_ interface: FirewallInterface) -> [Service] {
        Set(interface.dns?.forwarders.map(\.port) ?? []).sorted().flatMap { port in
            ["udp/\(port)", "tcp/\(port)"].compactMap { Service($0) }
        }
    }

    private static func matches(
        _ interface: FirewallInterface, ports: [UInt16]
    ) throws(NftablesExpression.InvalidName) -> [JSONValue] {
        [
            NftablesExpression.match(
                NftablesExpression.meta("iifname"), try NftablesExpression.links([interface.name])),
            NftablesExpression.match(NftablesExpression.meta("l4proto"), NftablesExpression.anyOf(["tcp", "udp"])),
            NftablesExpression.match(
                NftablesExpression.payload("th", "dport"),
                NftablesExpression.anyOf(ports.map { .number(Int64($0)) })),
        ]
    }

    private static func isMember(of set: FirewallSet) -> JSONValue {
        let source = NftablesExpression.payload(NftablesExpression.layer(set.family), "saddr")
        return NftablesExpression.match(
            ["concat": [NftablesExpression.meta("iifname"), source]], .string("@\(set.rawValue)"))
    }

    private static func enforcedSets(_ family: AddressFamily) -> [FirewallSet] {
        FirewallSet.enforced.filter { $0.family == family }
    }
}
