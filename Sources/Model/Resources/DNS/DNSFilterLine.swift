/// A line of an `adblock` block of `kind: DNSRules`: one rule in AdBlock syntax.
public struct DNSFilterLine: Sendable, Hashable {
    /// The line without spaces at its ends.
    public var text: String
    /// Where the line begins; where the lines of a text share one place, that place.
    public var location: SourceLocation

    /// A line.
    public init(text: String, location: SourceLocation) {
        self.text = text
        self.location = location
    }
}
