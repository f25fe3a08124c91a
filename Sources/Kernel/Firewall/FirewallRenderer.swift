import Model
import Reconciler

/// Renders our table and its changes into the JSON that `nft -j -f -` applies as one transaction.
///
/// The order within a chain is the semantics: isolation drops stand before everything, above all before anything that
/// looks at connection tracking, so that they also stop a running flow.
enum FirewallRenderer {
    static let family = "inet"
    static let table = "wirebuddy"
    /// The chain that carries the digest of the policy. nft 1.0.6 drops the comment of a table, a set and a chain from
    /// JSON, but keeps that of a rule.
    static let versionChain = "version"
    static let commentPrefix = "wirebuddy "

    /// Replaces the whole table: `add` makes the `delete` behind it succeed on a host without our table.
    static func replacement(_ firewall: FirewallTable) throws(NftablesExpression.InvalidName) -> JSONValue {
        var commands: [JSONValue] = [["add": tableObject], ["delete": tableObject], ["add": tableObject]]
        let enforces = firewall.policy.interfaces.contains { $0.dns != nil }
        for set in FirewallSet.allCases where enforces || !set.namesInterfaces {
            var object = located(name: set.rawValue)
            let type: JSONValue = set.family == .ipv4 ? "ipv4_addr" : "ipv6_addr"
            object.append(.init(name: "type", value: set.namesInterfaces ? ["ifname", type] : type))
            if set.holdsNetworks { object.append(.init(name: "flags", value: ["interval"])) }
            commands.append(["add": ["set": .object(object)]])
        }
        for chain in try FirewallChain.all(of: firewall) {
            var object = located(name: chain.name)
            if let hook = chain.hook {
                object += [
                    .init(name: "type", value: .string(hook.type)), .init(name: "hook", value: .string(hook.name)),
                    .init(name: "prio", value: .number(hook.priority)), .init(name: "policy", value: "accept"),
                ]
            }
            commands.append(["add": ["chain": .object(object)]])
            for rule in chain.rules {
                var object: [JSONValue.Member] = [
                    .init(name: "family", value: .string(family)), .init(name: "table", value: .string(table)),
                    .init(name: "chain", value: .string(chain.name)),
                    .init(name: "expr", value: .array(rule.expressions)),
                ]
                if let comment = rule.comment { object.append(.init(name: "comment", value: .string(comment))) }
                commands.append(["add": ["rule": .object(object)]])
            }
        }
        commands += try elements(firewall.elements, "add")
        return ["nftables": .array(commands)]
    }

    /// Takes members out of sets and puts others in, structure untouched. Removals stand first: a network that gives
    /// way to a larger one would overlap it otherwise.
    static func change(
        add: FirewallElements, remove: FirewallElements
    ) throws(NftablesExpression.InvalidName) -> JSONValue {
        ["nftables": .array(try elements(remove, "delete") + elements(add, "add"))]
    }

    /// Deletes the table; no error when there is none.
    static let deletion: JSONValue = ["nftables": [["add": tableObject], ["delete": tableObject]]]

    private static let tableObject: JSONValue = ["table": ["family": .string(family), "name": .string(table)]]

    private static func located(name: String) -> [JSONValue.Member] {
        [
            .init(name: "family", value: .string(family)), .init(name: "table", value: .string(table)),
            .init(name: "name", value: .string(name)),
        ]
    }

    private static func elements(
        _ elements: FirewallElements, _ command: String
    ) throws(NftablesExpression.InvalidName) -> [JSONValue] {
        var commands: [JSONValue] = []
        for set in FirewallSet.allCases {
            guard let members = elements[set], !members.isEmpty else { continue }
            var values: [JSONValue] = []
            values.reserveCapacity(members.count)
            for member in members.sorted() { values.append(try NftablesExpression.element(member)) }
            var object = located(name: set.rawValue)
            object.append(.init(name: "elem", value: .array(values)))
            commands.append([command: ["element": .object(object)]])
        }
        return commands
    }
}
