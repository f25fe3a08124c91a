import Model

extension Assembly {
    /// Rules name peers that exist, and no two of them are the same.
    mutating func checkDNSRules() {
        guard !dnsRules.isEmpty else { return }
        var rules: [DecidingFields: Int] = [:]
        var identifiers: [String: Int] = [:]
        for (number, declared) in dnsRules.enumerated() {
            let client = resolve(declared)
            checkUnique(declared, number, client, &rules)
            if let id = declared.object.id, let first = identifiers.updateValue(number, forKey: id) {
                identifiers[id] = first
                report(
                    declared, DNSRuleKind.id, .duplicateID,
                    "id of \(label(declared)) is also that of \(label(dnsRules[first]))"
                        + " (\(dnsRules[first].location(of: DNSRuleKind.id)))",
                    suggestion: "remove the id of the copy")
            }
            checkExpiry(declared)
        }
    }

    /// What makes two rules the same.
    private struct DecidingFields: Hashable {
        var action: DNSRule.Action
        var domain: String
        var client: DNSClient?
        var answer: DNSAnswer?
    }

    private func label(_ rule: Declared<DNSRule>) -> String {
        "DNSRule \(Printable.quoted(rule.object.domain))"
    }

    /// The client with its interface; as it is written after reporting that there is no such peer, or several.
    private mutating func resolve(_ declared: Declared<DNSRule>) -> DNSClient? {
        guard case .peer(let name, let interface)? = declared.object.client else { return declared.object.client }
        let found = peer(
            PeerReference(name: name, interface: interface), declared, DNSRuleKind.client,
            subject: "client of \(label(declared))",
            hint: "write the name of a peer, its interface and name, an address or a prefix")
        return found.map { .peer(name: name, interface: peers[$0].object.interface) } ?? declared.object.client
    }

    private mutating func checkUnique(
        _ declared: Declared<DNSRule>, _ number: Int, _ client: DNSClient?, _ rules: inout [DecidingFields: Int]
    ) {
        let isReadable = [DNSRuleKind.action, DNSRuleKind.domain, DNSRuleKind.client, DNSRuleKind.answer].allSatisfy {
            !declared.present.contains($0) || declared.valid.contains($0)
        }
        let rule = declared.object
        // What is not whole is reported already.
        guard isReadable, !rule.domain.isEmpty, declared.present.contains(DNSRuleKind.action),
            (rule.action == .rewrite) == (rule.answer != nil)
        else { return }
        let fields = DecidingFields(
            action: rule.action, domain: rule.foldedDomain, client: client, answer: rule.answer)
        guard let first = rules[fields] else {
            rules[fields] = number
            return
        }
        report(
            declared, DNSRuleKind.domain, .duplicateIdentity,
            "\(label(declared)) stands twice, first at \(dnsRules[first].location(of: DNSRuleKind.domain)):"
                + " both \(rule)",
            suggestion: "remove one of them")
    }

    private mutating func checkExpiry(_ declared: Declared<DNSRule>) {
        guard let expiry = declared.object.expiresAt, expiry <= now else { return }
        report(
            declared, DNSRuleKind.expiresAt, .expired, "\(label(declared)) expired at \(expiry): it does not count",
            suggestion: "remove it, or set a later time", severity: .warning)
    }
}
