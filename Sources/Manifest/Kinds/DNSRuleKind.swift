import Model

/// The table of `kind: DNSRule`, and of the elements of `kind: DNSRules`.
enum DNSRuleKind {
    static let kind = Kind<DNSRule>(
        "DNSRule", "What happens to queries for some names.", schemaName: "dnsrule", table: table,
        conditions: conditions, initial: initial, check: check)

    /// The same inside a list.
    static let element = Kind<DNSRule>(
        kind.name, kind.documentation, schemaName: kind.schemaName, hasHeader: false, table: table,
        conditions: conditions, initial: initial, check: check)

    static let id = table.number("id")
    static let action = table.number("action")
    static let domain = table.number("domain")
    static let client = table.number("client")
    static let answer = table.number("answer")
    static let expiresAt = table.number("expires_at")

    static let table = FieldTable<DNSRule> {
        Field(
            "id", .uuid, "A stable identifier; default: derived from action, domain, client and answer.",
            presentation: .fixed, \.id)
        Field(
            "action", .word, "block and allow the names, or rewrite: answer them with answer.", required: true,
            \.action)
        Field(
            "domain", .ruleDomain,
            "The names: a name stands for itself and all below, =name for itself alone, *.name for those below alone.",
            required: true, \.domain)
        Field(
            "client", .dnsClient,
            "Whose queries: a peer, with its interface where the name stands on several, or a prefix; default:"
                + " everybody's.", \.client)
        Field(
            "answer", .dnsAnswer, "What a rewrite answers: an address, another name (CNAME) or NXDOMAIN.", \.answer)
        Field("comment", .text, "Why it is there.", default: .string(""), \.comment)
        Field(
            "expires_at", .timestamp, "When it stops to count; it is not deleted.", \.expiresAt)
    }

    private static let initial: @Sendable (SourceLocation) -> DNSRule = {
        DNSRule(action: .block, domain: "", location: $0)
    }

    /// `answer` belongs to `rewrite` and to nothing else.
    static let conditions: [JSONValue] = [
        .object([
            (
                "if",
                .object([
                    ("properties", .object([("action", .object([("const", .string("rewrite"))]))])),
                    ("required", .array([.string("action")])),
                ])
            ),
            ("then", .object([("required", .array([.string("answer")]))])),
            ("else", .object([("properties", .object([("answer", .boolean(false))]))])),
        ])
    ]

    private static func check(_ declared: inout Declared<DNSRule>, _ context: inout DecodeContext) {
        guard declared.valid.contains(action) else { return }
        let action = declared.object.action
        if action == .rewrite, !declared.present.contains(answer) {
            context.report(
                declared.position(of: Self.action), .missingField,
                "\(context.objectLabel) has action rewrite but no answer",
                suggestion: "answer: <an address, a name or NXDOMAIN>")
        } else if action != .rewrite, declared.present.contains(answer) {
            context.report(
                declared.position(of: answer), .conflictingFields,
                "answer of \(context.objectLabel) needs action rewrite, found \(action.rawValue)",
                suggestion: "write action: rewrite, or remove answer")
        }
    }
}
