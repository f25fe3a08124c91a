import Manifest
import Model

extension Draft {
    /// Removes the rules that are about these peers: without them they would name nobody.
    ///
    /// - Returns: the rules, for the words of the commit.
    mutating func removeDNSRules(
        of peers: [ObjectIdentity], for identity: ObjectIdentity
    ) throws(GatewayFailure) -> [DNSRule] {
        let rules = DNSRuleQuery.rules(of: peers, in: tree)
        try removeDNSRules(rules, for: identity)
        return rules.map(\.rule)
    }

    /// Lets the rules about a peer say what it is called now.
    ///
    /// - Parameters:
    ///   - old: what it was called.
    ///   - before: the tree in which it was.
    mutating func renameClient(
        from old: ObjectIdentity, to new: ObjectIdentity, in before: ManifestTree
    ) throws(GatewayFailure) {
        let isUnique = tree.peers(named: new.name).count == 1
        for placed in DNSRuleQuery.rules(of: [old], in: before) {
            guard case .peer(_, let interface)? = placed.rule.client else { continue }
            let client = DNSClient.peer(name: new.name, interface: interface == nil && isUnique ? nil : new.interface)
            try apply(
                [FieldEdit(["client"], .set(.string("\(client)")))], at: placed.place, under: placed.editPath, for: new)
        }
    }
}
