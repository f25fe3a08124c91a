import Model

/// Many rules as one document declares them.
struct DNSRuleGroup: Sendable {
    /// The rules, each with the places of its fields.
    var rules: [Declared<DNSRule>] = []
    /// The lines in AdBlock syntax.
    var lines: [DNSFilterLine] = []
}

/// The table of `kind: DNSRules`.
enum DNSRulesKind {
    static let kind = Kind<DNSRuleGroup>(
        "DNSRules", "Many DNS rules in one document.", schemaName: "dnsrules", table: table, conditions: conditions,
        initial: { _ in DNSRuleGroup() }, check: check)

    static let rules = table.number("rules")
    static let adblock = table.number("adblock")

    static let table = FieldTable<DNSRuleGroup> {
        Field("rules", .dnsRules, "The rules, with the fields of kind: DNSRule.", \.rules)
        Field(
            "adblock", .filterLines,
            "Lines in AdBlock syntax, each a rule; begin the text with | so that problems name their lines.", \.lines)
    }

    /// One of the two at least.
    private static let conditions: [JSONValue] = [
        .object([
            (
                "anyOf",
                .array([
                    .object([("required", .array([.string("rules")]))]),
                    .object([("required", .array([.string("adblock")]))]),
                ])
            )
        ])
    ]

    private static func check(_ declared: inout Declared<DNSRuleGroup>, _ context: inout DecodeContext) {
        guard !declared.present.contains(rules), !declared.present.contains(adblock) else { return }
        context.report(
            declared.start, .missingField, "DNSRules has neither rules nor adblock",
            suggestion: "rules: [{action: block, domain: ads.example.com}]")
    }
}
