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
        for set in sets(of: firewall.policy) { commands.append(["add": declaration(of: set)]) }
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

    /// The sets that the rules of a policy name.
    private static func sets(of policy: FirewallPolicy) -> [FirewallSet] {
        var sets = FirewallSet.isolated
        if policy.interfaces.contains(where: { $0.dns != nil }) { sets += FirewallSet.enforced }
        guard let access = policy.access else { return sets }
        return sets + FirewallSet.accessClasses
            + access.sets.flatMap { set in AddressFamily.allCases.map { .access(set, $0) } }
    }

    private static func declaration(of set: FirewallSet) -> JSONValue {
        var object = located(name: set.rawValue)
        var types: [JSONValue] = [set.family == .ipv4 ? "ipv4_addr" : "ipv6_addr"]
        if set.namesInterfaces { types.insert("ifname", at: 0) }
        if set.namesServices { types += ["inet_proto", "inet_service"] }
        object.append(.init(name: "type", value: types.count == 1 ? types[0] : .array(types)))
        if set.namesClasses { object.append(.init(name: "map", value: "verdict")) }
        if set.holdsNetworks { object.append(.init(name: "flags", value: ["interval"])) }
        return .object([.init(name: set.namesClasses ? "map" : "set", value: .object(object))])
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
        for set in elements.keys.sorted() {
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
