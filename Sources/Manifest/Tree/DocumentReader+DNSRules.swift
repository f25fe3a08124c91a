import Model

extension DocumentReader {
    /// Reads a rule, and asks whether its domain can be used.
    mutating func readRule(_ root: Node) {
        let declared = DNSRuleKind.kind.decode(root, path: path, problems: &problems)
        objects.append(.dnsRule(declared))
        checkDomain(declared)
    }

    /// Reads a group of rules, and asks whether their domains and lines can be used.
    mutating func readRules(_ root: Node) {
        let declared = DNSRulesKind.kind.decode(root, path: path, problems: &problems)
        objects.append(.dnsRules(declared))
        for rule in declared.object.rules { checkDomain(rule) }
        for line in declared.object.lines { checkLine(line) }
    }

    mutating func checkDomain(_ rule: Declared<DNSRule>) {
        guard rule.valid.contains(DNSRuleKind.domain), let fault = dnsSyntax.fault(inDomain: rule.object.domain) else {
            return
        }
        problems.append(
            Problem(
                path: path, position: rule.position(of: DNSRuleKind.domain), code: .unusableRule,
                message: "domain of DNSRule \(Printable.quoted(rule.object.domain)) can't be used: \(fault)"))
    }

    private mutating func checkLine(_ line: DNSFilterLine) {
        guard let fault = dnsSyntax.fault(inFilterLine: line.text) else { return }
        problems.append(
            Problem(
                path: path, position: SourcePosition(offset: 0, line: line.location.line, column: line.location.column),
                code: .unusableRule,
                message: "the line \(Printable.quoted(line.text)) of DNSRules can't be used: \(fault)"))
    }
}
