import Model
import Reconciler

/// What `Access` documents let through. Who is in a class and what a selector's documents name stands in sets; the rules
/// are the same for one peer and for ten thousand.
///
/// A connection is judged by who opened it, packet by packet, its answers too: what is no longer allowed stops, whatever
/// connection tracking remembers. In the forward hook answers have their real addresses on both sides: translations of
/// the destination are undone behind it, those of the source before it.
extension FirewallChain {
    /// The last rules of `forward`: each packet goes to the chain of the peer that opened its connection.
    static let accessRules: [Rule] = {
        let isReply = NftablesExpression.match(NftablesExpression.conntrack("direction"), "reply")
        let answers = FirewallSet.accessClasses.map { set in
            Rule(expressions: [isReply, jump(set, interface: "oifname", address: "daddr")])
        }
        let requests = FirewallSet.accessClasses.map { set in
            Rule(expressions: [jump(set, interface: "iifname", address: "saddr")])
        }
        // An answer is nothing that its sender opened.
        return answers + [Rule(expressions: [isReply, NftablesExpression.accept])] + requests
    }()

    /// The chains of the classes, each with one for the answers.
    static func accessChains(_ access: FirewallAccess) -> [FirewallChain] {
        access.classes.flatMap { group in
            let sets = access.sets.filter { group.selectors.contains($0.selector) }
            let isReply = NftablesExpression.match(NftablesExpression.conntrack("direction"), "reply")
            // Nobody can say who opened what connection tracking doesn't know.
            let unknown = Rule(expressions: [
                [
                    "match": [
                        "op": "in", "left": NftablesExpression.conntrack("state"), "right": ["invalid", "untracked"],
                    ]
                ], NftablesExpression.drop,
            ])
            let errors = Rule(expressions: [
                ["match": ["op": "in", "left": NftablesExpression.conntrack("state"), "right": "related"]],
                NftablesExpression.match(
                    NftablesExpression.meta("l4proto"), NftablesExpression.anyOf(["icmp", "ipv6-icmp"])),
                NftablesExpression.accept,
            ])
            let answers = answersChain(group.id)
            // A chain stands before those that lead to it.
            return [
                FirewallChain(
                    name: answers, hook: nil, rules: verdicts(sets, group, address: "saddr", port: "sport")),
                FirewallChain(
                    name: chain(group.id), hook: nil,
                    rules: [unknown, errors, Rule(expressions: [isReply, NftablesExpression.goto(answers)])]
                        + verdicts(sets, group, address: "daddr", port: "dport")),
            ]
        }
    }

    /// The chain of a class.
    static func chain(_ accessClass: String) -> String { "access_\(accessClass)" }

    /// The class of a chain; nil for another chain.
    static func accessClass(_ chain: String) -> String? {
        chain.hasPrefix("access_") ? String(chain.dropFirst("access_".count)) : nil
    }

    private static func answersChain(_ accessClass: String) -> String { "answers_\(accessClass)" }

    /// What denies comes first, then what allows, then the default.
    private static func verdicts(
        _ sets: [AccessSet], _ group: FirewallAccess.Class, address: String, port: String
    ) -> [Rule] {
        let rules = AccessRule.Action.allCases.reversed().flatMap { action in
            sets.filter { $0.action == action }.flatMap { set in
                AddressFamily.allCases.map { family in
                    let destination = NftablesExpression.payload(NftablesExpression.layer(family), address)
                    let key: JSONValue =
                        set.namesServices
                        ? [
                            "concat": [
                                destination, NftablesExpression.meta("l4proto"),
                                NftablesExpression.payload("th", port),
                            ]
                        ] : destination
                    return Rule(expressions: [
                        NftablesExpression.match(key, .string("@\(FirewallSet.access(set, family).rawValue)")),
                        action == .deny ? NftablesExpression.drop : NftablesExpression.accept,
                    ])
                }
            }
        }
        return group.deniesRest ? rules + [Rule(expressions: [NftablesExpression.drop])] : rules
    }

    private static func jump(_ map: FirewallSet, interface: String, address: String) -> JSONValue {
        let key: JSONValue = [
            "concat": [
                NftablesExpression.meta(interface),
                NftablesExpression.payload(NftablesExpression.layer(map.family), address),
            ]
        ]
        return ["vmap": ["key": key, "data": .string("@\(map.rawValue)")]]
    }
}
