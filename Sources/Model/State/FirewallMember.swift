/// A member of a set of our table: a host or network, in some sets that of one interface.
public struct FirewallMember: Sendable, Hashable {
    /// The name of the interface, in sets that have one (``FirewallSet/namesInterfaces``).
    public let interface: String?
    /// The host or network.
    public let prefix: Prefix

    /// A member.
    public init(_ prefix: Prefix, on interface: String? = nil) {
        self.interface = interface
        self.prefix = prefix
    }
}

extension FirewallMember: Comparable {
    /// Orders by interface, then as prefixes do.
    public static func < (a: Self, b: Self) -> Bool {
        let (left, right) = (a.interface ?? "", b.interface ?? "")
        return left.utf8.elementsEqual(right.utf8)
            ? a.prefix < b.prefix : left.utf8.lexicographicallyPrecedes(right.utf8)
    }
}

extension FirewallMember: CustomStringConvertible, LosslessStringConvertible {
    /// Parses the form of ``description``; host bits are masked away.
    public init?(_ description: String) {
        let parts = description.split(separator: " . ", maxSplits: 1, omittingEmptySubsequences: false)
        guard let prefix = parts.last.flatMap({ Prefix(String($0)) }) else { return nil }
        self.init(prefix, on: parts.count > 1 ? parts.first.map { String($0) } : nil)
    }

    /// `10.8.0.2/32`, with an interface `wg0 . 10.8.0.2/32`.
    public var description: String { (interface.map { "\($0) . " } ?? "") + "\(prefix)" }
}

extension Sequence<FirewallMember> {
    /// The members sorted, without those that lie in another of them: they cover the same addresses, and nftables
    /// refuses overlaps in a set.
    public func disjoint() -> [FirewallMember] {
        sorted().reduce(into: []) { kept, member in
            if let last = kept.last, last.interface == member.interface, last.prefix.contains(member.prefix) { return }
            kept.append(member)
        }
    }
}
