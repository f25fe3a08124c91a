import Model

extension FieldType where Value == String {
    /// The names that a rule is about.
    static var ruleDomain: FieldType {
        FieldType(string: "rule-domain", allowed: DNSRuleDomain.allowed, hint: DNSRuleDomain.hint) { text in
            DNSRuleDomain.isValid(text) ? text : nil
        }
    }
}

extension FieldType where Value == DNSClient {
    /// A peer or a prefix.
    static var dnsClient: FieldType {
        FieldType(
            string: "dns-client", allowed: "the name of a peer, interface/name, an address or a prefix",
            hint: AddressHint.prefix
        ) { text in
            guard let client = DNSClient(text) else { return nil }
            guard case .peer(let name, let interface) = client else { return client }
            // What looks like an address was not meant as a name.
            guard PeerName.fault(of: name) == nil, interface.map(InterfaceName.isValid) ?? true,
                AddressHint.prefix(text) == nil
            else { return nil }
            return client
        }
    }
}

extension FieldType where Value == DNSAnswer {
    /// What a rewrite answers.
    static var dnsAnswer: FieldType {
        FieldType(string: "dns-answer", allowed: "an address, a name or NXDOMAIN") { text in DNSAnswer(text) }
    }
}

extension FieldType where Value == [Declared<DNSRule>] {
    /// A list of rules, each with the places of its fields. A refused one does not hide the others.
    static var dnsRules: FieldType {
        let allowed = "a list of rules"
        let schema = JSONValue.object([
            ("type", .string("array")),
            (
                "items",
                DNSRuleKind.table.schema(header: [], conditions: DNSRuleKind.conditions)
            ),
        ])
        return FieldType(
            schema: schema, allowed: allowed, nestedRows: DNSRuleKind.table.rows(prefix: ""),
            show: { .array($0.map { .object(DNSRuleKind.table.json(of: $0.object)) }) }
        ) { node, context in
            guard case .list(let items) = node.content else {
                context.wrongType(node, allowed: allowed)
                return nil
            }
            var rules: [Declared<DNSRule>] = []
            rules.reserveCapacity(items.count)
            for (index, item) in items.enumerated() {
                context.recordItem(index + 1, item.range.start)
                guard case .map = item.content else {
                    context.wrongType(item, allowed: allowed)
                    continue
                }
                var problems: [Problem] = []
                rules.append(DNSRuleKind.element.decode(item, path: context.path, problems: &problems))
                context.report(problems)
            }
            return rules
        }
    }
}

extension FieldType where Value == [DNSFilterLine] {
    /// A text of lines in AdBlock syntax. Blank lines and comments (`! …`, `# …`) are no rules.
    static var filterLines: FieldType {
        let allowed = "a text of lines in AdBlock syntax"
        return FieldType(
            schema: .object([("type", .string("string"))]), allowed: allowed,
            show: { lines in .string(lines.map { $0.text + "\n" }.joined()) }
        ) { node, context in
            guard let text = context.string(node, allowed: allowed), case .scalar(let scalar) = node.content else {
                return nil
            }
            return FilterText(text, style: scalar.style, range: node.range).lines(in: context.path)
        }
    }
}
