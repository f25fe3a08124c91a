/// What domains of rules and lines of filters may look like. `DNSPolicy` provides it; whoever reads a repository only
/// asks.
public protocol DNSRuleSyntax: Sendable {
    /// Why the domain of a rule can't be used (a regular expression that takes more than linear time, a name that IDNA
    /// refuses), without a full stop; nil: it can.
    ///
    /// - Parameter domain: as it is written: `name`, `=name`, `*.name` or `/regex/`.
    func fault(inDomain domain: String) -> String?

    /// Why a line of an `adblock` block can't be used, without a full stop; nil: it can.
    func fault(inFilterLine line: String) -> String?
}
