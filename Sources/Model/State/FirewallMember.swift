/// A member of a set of our table: a host or network, in some sets that of one interface, with what it leads to or which
/// of its services are meant.
public struct FirewallMember: Sendable, Hashable {
    /// The name of the interface, in sets that have one (``FirewallSet/namesInterfaces``).
    public let interface: String?
    /// The host or network.
    public let prefix: Prefix
    /// The class it belongs to, in maps (``FirewallSet/namesClasses``).
    public let accessClass: String?
    /// The services, in sets of them (``FirewallSet/namesServices``).
    public let service: FirewallService?

    /// A member.
    public init(
        _ prefix: Prefix, on interface: String? = nil, accessClass: String? = nil, service: FirewallService? = nil
    ) {
        self.interface = interface
        self.prefix = prefix
        self.accessClass = accessClass
        self.service = service
    }

    /// The member without what it leads to: a set has each key once.
    public var key: FirewallMember { FirewallMember(prefix, on: interface, service: service) }
}

extension FirewallMember: Comparable {
    /// Orders by interface, then as prefixes and services do.
    public static func < (a: Self, b: Self) -> Bool {
        let (left, right) = (a.interface ?? "", b.interface ?? "")
        guard left.utf8.elementsEqual(right.utf8) else { return left.utf8.lexicographicallyPrecedes(right.utf8) }
        if a.prefix != b.prefix { return a.prefix < b.prefix }
        if let left = a.service, let right = b.service, left != right { return left < right }
        return (a.accessClass ?? "") < (b.accessClass ?? "")
    }
}

extension FirewallMember: CustomStringConvertible, LosslessStringConvertible {
    /// Parses the form of ``description``; host bits are masked away.
    public init?(_ description: String) {
        let sides = description.split(separator: " : ", maxSplits: 1, omittingEmptySubsequences: false)
        let parts = (sides.first ?? "").split(separator: " . ", maxSplits: 1, omittingEmptySubsequences: false)
        let accessClass = sides.count > 1 ? sides.last.map { String($0) } : nil
        guard let first = parts.first.map({ String($0) }) else { return nil }
        if let prefix = Prefix(first) {
            let service = parts.count > 1 ? FirewallService(String(parts[1])) : nil
            guard (service != nil) == (parts.count > 1) else { return nil }
            self.init(prefix, accessClass: accessClass, service: service)
        } else {
            guard parts.count > 1, let prefix = Prefix(String(parts[1])) else { return nil }
            self.init(prefix, on: first, accessClass: accessClass)
        }
    }

    /// `10.8.0.2/32`, with an interface `wg0 . 10.8.0.2/32`, with services `10.8.0.2/32 . tcp . 443`; what a member of a
    /// map leads to stands behind ` : `.
    public var description: String {
        (interface.map { "\($0) . " } ?? "") + "\(prefix)" + (service.map { " . \($0)" } ?? "")
            + (accessClass.map { " : \($0)" } ?? "")
    }
}

extension Sequence<FirewallMember> {
    /// The members sorted, without those that lie in another of them: they cover the same addresses, and nftables
    /// refuses overlaps in a set. Not for members with a class or a service.
    public func disjoint() -> [FirewallMember] {
        sorted().reduce(into: []) { kept, member in
            if let last = kept.last, last.interface == member.interface, last.prefix.contains(member.prefix) { return }
            kept.append(member)
        }
    }
}
