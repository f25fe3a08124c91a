/// A set of protocols and ports.
public struct ServiceSet: Sendable, Hashable {
    /// The ports of TCP.
    public private(set) var tcp = PortRanges()
    /// The ports of UDP.
    public private(set) var udp = PortRanges()
    /// Whether ICMP (for IPv6 ICMPv6) is in it.
    public private(set) var icmp = false
    /// Whether every other protocol is in it.
    public private(set) var others = false

    /// Nothing.
    public init() {}

    /// The services, or everything where none is named, as documents have it.
    public init(_ services: [Service]) {
        if services.isEmpty {
            self = .all
            return
        }
        tcp = PortRanges(services.lazy.filter { $0.transport == .tcp }.compactMap(\.ports))
        udp = PortRanges(services.lazy.filter { $0.transport == .udp }.compactMap(\.ports))
        icmp = services.contains { $0.transport == .icmp }
    }

    /// Every protocol.
    public static let all: ServiceSet = {
        var set = ServiceSet()
        (set.tcp, set.udp, set.icmp, set.others) = (.all, .all, true, true)
        return set
    }()

    /// Whether nothing is in it.
    public var isEmpty: Bool { tcp.isEmpty && udp.isEmpty && !icmp && !others }

    /// Whether every port of a service is in it.
    public func contains(_ service: Service) -> Bool { ServiceSet([service]).subtracting(self).isEmpty }

    /// Whether everything of another set is in it.
    public func contains(_ other: ServiceSet) -> Bool { other.subtracting(self).isEmpty }

    /// What is in either.
    public func union(_ other: ServiceSet) -> ServiceSet {
        var set = self
        set.tcp = tcp.union(other.tcp)
        set.udp = udp.union(other.udp)
        set.icmp = icmp || other.icmp
        set.others = others || other.others
        return set
    }

    /// What is in both.
    public func intersection(_ other: ServiceSet) -> ServiceSet { subtracting(subtracting(other)) }

    /// What is not in the other.
    public func subtracting(_ other: ServiceSet) -> ServiceSet {
        var set = self
        set.tcp = tcp.subtracting(other.tcp)
        set.udp = udp.subtracting(other.udp)
        set.icmp = icmp && !other.icmp
        set.others = others && !other.others
        return set
    }
}

extension ServiceSet: CustomStringConvertible {
    /// `everything`, or the services as documents write them: `tcp/443, udp/53, icmp`; `other protocols` where only a
    /// part of everything is left.
    public var description: String {
        if self == .all { return "everything" }
        let ports = { (transport: String, set: PortRanges) in
            set == .all
                ? [transport]
                : set.ranges.map { range in
                    "\(transport)/\(range.lowerBound)" + (range.count == 1 ? "" : "-\(range.upperBound)")
                }
        }
        let words =
            ports("tcp", tcp) + ports("udp", udp) + (icmp ? ["icmp"] : []) + (others ? ["other protocols"] : [])
        return words.joined(separator: ", ")
    }
}
