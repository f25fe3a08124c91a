/// A chain of another firewall program.
public struct ForeignChain: Sendable, Hashable, Comparable, CustomStringConvertible {
    /// The family of nftables: `ip`, `ip6` or `inet`.
    public let family: String
    /// The table.
    public let table: String
    /// The chain.
    public let name: String

    /// A chain.
    public init(family: String, table: String, name: String) {
        self.family = family
        self.table = table
        self.name = name
    }

    /// `ip filter DOCKER-USER`.
    public var description: String { "\(family) \(table) \(name)" }

    /// Orders by the text's bytes.
    public static func < (a: Self, b: Self) -> Bool { a.description.utf8.lexicographicallyPrecedes(b.description.utf8) }
}
