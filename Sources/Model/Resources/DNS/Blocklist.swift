/// A list of names that are blocked, as `kind: Blocklist` declares it. Every field has its default resolved.
public struct Blocklist: Sendable, Equatable {
    /// The name, unique: 1-63 ASCII letters, digits, `.`, `_` and `-`, the first one a letter or digit.
    public var name: String
    /// Where its text comes from.
    public var source: Source
    /// What its lines mean.
    public var format: Format
    /// Whether it is used.
    public var enabled = true
    /// The time between two looks at its address; 7 d.
    public var refresh: Duration = .seconds(7 * 86_400)
    /// The SHA-256 its text must have; nil: any text is taken.
    public var sha256: DigestValue?
    /// Where the document begins.
    public var location: SourceLocation

    /// A list with the required fields; everything else has its default.
    public init(name: String, source: Source, format: Format, location: SourceLocation) {
        self.name = name
        self.source = source
        self.format = format
        self.location = location
    }

    /// Where the text of a list comes from.
    public enum Source: Sendable, Hashable {
        /// An address that begins with `https://`, without user and password.
        case url(String)
        /// A file of the repository, relative to its root.
        case file(String)
    }

    /// What the lines of a list mean: declared, never guessed.
    public enum Format: String, Sendable, Hashable, CaseIterable {
        /// An address that doesn't matter, and exact names.
        case hosts
        /// Exact names.
        case domains
        /// Names, each with all names below it.
        case wildcardDomains = "wildcard_domains"
        /// The part of AdGuard's DNS filtering syntax that is about hosts.
        case adblock
    }
}
