/// A protocol with a range of ports, as a member of a set has it.
public struct FirewallService: Sendable, Hashable {
    /// A protocol that documents name.
    public enum Transport: UInt8, Sendable, Hashable, CaseIterable {
        /// ICMP.
        case icmp = 1
        /// TCP.
        case tcp = 6
        /// UDP.
        case udp = 17
        /// ICMPv6.
        case icmpv6 = 58

        /// The name that `nft` prints and reads.
        public var name: String {
            switch self {
            case .icmp: "icmp"
            case .tcp: "tcp"
            case .udp: "udp"
            case .icmpv6: "ipv6-icmp"
            }
        }
    }

    /// The protocol.
    public let transport: Transport
    /// The ports of the destination; for ICMP, which has none, all of them.
    public let ports: ClosedRange<UInt16>

    /// A service.
    public init(_ transport: Transport, ports: ClosedRange<UInt16> = 0...UInt16.max) {
        self.transport = transport
        self.ports = ports
    }
}

extension FirewallService: CustomStringConvertible, LosslessStringConvertible {
    /// Parses the form of ``description``.
    public init?(_ description: String) {
        let parts = description.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1] == ".",
            let transport = Transport.allCases.first(where: { $0.name == parts[0] })
        else { return nil }
        let bounds = parts[2].split(separator: "-", omittingEmptySubsequences: false).map { UInt16($0) }
        guard (1...2).contains(bounds.count), let first = bounds[0], let last = bounds[bounds.count - 1], first <= last
        else { return nil }
        self.init(transport, ports: first...last)
    }

    /// `tcp . 443`, `udp . 8000-8100`.
    public var description: String {
        "\(transport.name) . \(ports.lowerBound)" + (ports.count == 1 ? "" : "-\(ports.upperBound)")
    }
}

extension FirewallService: Comparable {
    /// Orders by protocol number and ports.
    public static func < (a: Self, b: Self) -> Bool {
        (a.transport.rawValue, a.ports.lowerBound, a.ports.upperBound)
            < (b.transport.rawValue, b.ports.lowerBound, b.ports.upperBound)
    }
}

extension ServiceSet {
    /// The services as members of a set, for destinations of a family; those of a set that holds every protocol are not
    /// asked for.
    public func members(_ family: AddressFamily) -> [FirewallService] {
        tcp.ranges.map { FirewallService(.tcp, ports: $0) } + udp.ranges.map { FirewallService(.udp, ports: $0) }
            + (icmp ? [FirewallService(family == .ipv4 ? .icmp : .icmpv6)] : [])
    }
}
