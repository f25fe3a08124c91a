public import Model

/// What rules may look like: whatever is accepted here can also be decided with.
public struct RuleSyntax: DNSRuleSyntax {
    /// The syntax of this build.
    public init() {}

    /// Why the domain of a rule can't be used; nil: it can.
    public func fault(inDomain domain: String) -> String? {
        do {
            _ = try DomainPattern(declared: domain)
            return nil
        } catch {
            return error.description
        }
    }

    /// Why a line of an `adblock` block can't be used; nil: it can.
    public func fault(inFilterLine line: String) -> String? {
        var rules = OwnRules()
        do {
            try rules.add(DNSFilterLine(text: line, location: SourceLocation(path: "", line: 1, column: 1)))
            return nil
        } catch {
            return error.description
        }
    }
}
