import Model

/// Judges no DNS rule: `DNSPolicy` has the real one.
struct PlainDNSSyntax: DNSRuleSyntax {
    func fault(inDomain domain: String) -> String? { nil }
    func fault(inFilterLine line: String) -> String? { nil }
}
