import Model

extension Assembly {
    /// Rules name peers that exist, and no two of them are the same.
    mutating func checkDNSRules() {
        guard !dnsRules.isEmpty else { return }
        let index = peersByName
        var rules: [DecidingFields: Int] = [:]
        var identifiers: [String: Int] = [:]
        for (number, declared) in dnsRules.enumerated() {
            let client = resolve(declared, index)
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

    /// The peers of each name, in the order of the files; empty where no rule asks.
    private var peersByName: [String: [Int]] {
        let hasNames = dnsRules.contains { rule in
            if case .peer = rule.object.client { true } else { false }
        }
        guard hasNames else { return [:] }
        var index: [String: [Int]] = [:]
        for number in peers.indices where peers[number].valid.contains(PeerKind.name) {
            index[peers[number].object.name, default: []].append(number)
        }
        return index
    }

    private func label(_ rule: Declared<DNSRule>) -> String {
        "DNSRule \(Printable.quoted(rule.object.domain))"
    }

    /// The client with its interface; as it is written after reporting that there is no such peer, or several.
    private mutating func resolve(_ declared: Declared<DNSRule>, _ index: [String: [Int]]) -> DNSClient? {
        guard case .peer(let name, let interface)? = declared.object.client else { return declared.object.client }
        let found = index[name] ?? []
        let interfaces = Set(found.map { peers[$0].object.interface }).sorted()
        if let interface {
            if !interfaces.contains(interface) { reportAbsentClient(declared, interfaces, index) }
            return declared.object.client
        }
        guard let only = interfaces.first else {
            reportAbsentClient(declared, [], index)
            return declared.object.client
        }
        guard interfaces.count > 1 else { return .peer(name: name, interface: only) }
        let choices = interfaces.map { "\($0)/\(name)" }
        report(
            declared, DNSRuleKind.client, .ambiguousReference,
            "client of \(label(declared)): there are \(choices.count) peers \(Printable.quoted(name)):"
                + " \(choices.joined(separator: ", "))",
            suggestion: "write \(choices.joined(separator: " or "))")
        return declared.object.client
    }

    private mutating func reportAbsentClient(
        _ declared: Declared<DNSRule>, _ interfaces: [String], _ index: [String: [Int]]
    ) {
        guard !mayHoldMore, case .peer(let name, let interface)? = declared.object.client else { return }
        var suggestion: String?
        if !interfaces.isEmpty {
            suggestion = "write " + interfaces.map { "\($0)/\(name)" }.joined(separator: " or ")
        } else if let close = Spelling.closest(to: name, in: index.keys.sorted()) {
            let places = Set((index[close] ?? []).map { peers[$0].object.interface }).sorted()
            let isPlain = interface == nil && places.count == 1
            let names = isPlain ? [close] : places.map { "\($0)/\(close)" }
            suggestion = "did you mean " + names.map { "\"\($0)\"" }.joined(separator: " or ") + "?"
        }
        report(
            declared, DNSRuleKind.client, .danglingReference,
            "client of \(label(declared)): there is no Peer \(Printable.quoted(name))"
                + (interface.map { " of \($0)" } ?? ""),
            suggestion: suggestion ?? "write the name of a peer, its interface and name, an address or a prefix")
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
