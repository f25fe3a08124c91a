/// A DNS rule as the database holds it: a declared rule, or a line of an `adblock` block. Where it stands in the
/// repository is no part of the row, so that a line more above it changes nothing here.
public struct ProjectedDNSRule: Sendable, Hashable {
    /// The stable id, a lower-case UUID.
    public var id: String
    /// What happens to the names; nil for a line of an `adblock` block.
    public var action: DNSRule.Action?
    /// The names in their folded form; empty for a line.
    public var domain: String
    /// Whose queries it is about, as declared; nil: everybody's.
    public var client: String?
    /// The answer of a rewrite.
    public var answer: String?
    /// When it stops to count.
    public var expiresAt: Timestamp?
    /// Why it is there.
    public var comment: String
    /// The name in plans: what the rule does (`block ads.example.com for wg0/phone`), or the line.
    public var text: String

    /// A row.
    public init(
        id: String, action: DNSRule.Action?, domain: String, client: String? = nil, answer: String? = nil,
        expiresAt: Timestamp? = nil, comment: String = "", text: String
    ) {
        self.id = id
        self.action = action
        self.domain = domain
        self.client = client
        self.answer = answer
        self.expiresAt = expiresAt
        self.comment = comment
        self.text = text
    }

    /// The row of a declared rule.
    public init(_ rule: DNSRule, id: String) {
        var folded = rule
        // Spelling is no difference.
        folded.domain = rule.foldedDomain
        self.init(
            id: id, action: folded.action, domain: folded.domain, client: folded.client?.description,
            answer: folded.answer?.description, expiresAt: folded.expiresAt, comment: folded.comment,
            text: folded.description)
    }

    /// The row of a line of an `adblock` block.
    public init(_ line: DNSFilterLine, id: String) {
        self.init(id: id, action: nil, domain: "", text: line.text)
    }

    /// The order of rows: by the id, which is ASCII.
    public static func order(_ a: Self, _ b: Self) -> Bool { a.id < b.id }
}
