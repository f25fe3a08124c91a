/// A WireGuard interface of the gateway, as `kind: Interface` declares it. Every field has its default resolved.
public struct Interface: Sendable, Equatable {
    /// The link name, `^[a-zA-Z][a-zA-Z0-9_-]{0,14}$`.
    public var name: String
    /// The gateway's own addresses in the tunnel, at least one, in the order written; the first of a family is primary.
    public var address: [InterfaceAddress]
    /// The UDP port; unique per gateway.
    public var listenPort: UInt16
    /// What devices dial; nil: `Settings.public_endpoint` with the listen port.
    public var endpoint: Endpoint?
    /// DNS servers written into device configurations.
    public var dns: [IPAddress] = []
    /// Search domains written into device configurations behind the servers: host names in lower case.
    public var dnsSearch: [String] = []
    /// Whether queries of its peers to other resolvers are redirected to the forwarder: those of all that are filtered
    /// (``Peer/DNS/isEnforced(on:)``).
    public var dnsEnforce = false
    /// The MTU.
    public var mtu: MTU = .auto
    /// Whether TCP MSS is clamped to the route MTU in both directions.
    public var mssClamp = true
    /// Whether the interface runs; a stopped one is link down with its configuration and endpoints kept.
    public var enabled = true
    /// The private key; nil: generated on the host.
    public var privateKey: SecretReference?
    /// Which implementation of WireGuard carries the interface.
    public var backend: BackendChoice = .auto
    /// Where routes to prefixes outside the interface's own go.
    public var table: RouteTable = .auto
    /// The mark of outgoing encrypted packets; 0 = none, unless a `/0` behind a peer needs one.
    public var fwmark: UInt32 = 0
    /// Which forwarded traffic of the interface's own prefixes is masqueraded.
    public var masquerade: Masquerade = .on
    /// How IPv6 sources are treated; nil: `nat66` for unique local prefixes, `routed` for global ones.
    public var ipv6: IPv6Mode?
    /// What peers reach on the gateway itself.
    public var input: InputPolicy = .allow
    /// Limits a `/0` behind a peer to these sources; empty = all.
    public var routeFrom: [Prefix] = []
    /// The default of `isolated` for peers.
    public var isolatePeers = false
    /// What happens to peers in the kernel that no manifest declares; nil: `remove`, or `report` while adopted.
    public var unmanagedPeers: UnmanagedPeers?
    /// Consent to take over a link of this name that we did not make.
    public var adopt = false
    /// What the loop does about drift; nil: `Settings.reconcile.drift`.
    public var drift: DriftPolicy?
    /// Free text.
    public var description = ""
    /// Free labels.
    public var labels: [String: String] = [:]
    /// Where the document begins.
    public var location: SourceLocation

    /// An interface with the required fields; everything else has its default.
    public init(name: String, address: [InterfaceAddress], listenPort: UInt16, location: SourceLocation) {
        self.name = name
        self.address = address
        self.listenPort = listenPort
        self.location = location
    }

    /// The interface's own prefixes, without duplicates, sorted.
    public var prefixes: [Prefix] { Array(Set(address.map(\.prefix))).sorted() }

    /// The prefixes whose sources are masqueraded, if any are.
    public var masqueradedPrefixes: [Prefix] {
        guard masquerade != .off else { return [] }
        return prefixes.filter { prefix in
            switch (prefix.family, ipv6) {
            case (.ipv4, _), (.ipv6, .nat66): true
            case (.ipv6, .routed): false
            case (.ipv6, nil): prefix.address.isUniqueLocal
            }
        }
    }
}

/// `mtu: auto` or a number.
public enum MTU: Sendable, Hashable {
    /// The MTU of the route to the endpoint, or of the default route, minus 80.
    case auto
    /// A fixed MTU in bytes, 576...65535; at least 1280 when the interface has an IPv6 address.
    case fixed(Int)
}

/// Which implementation of WireGuard carries an interface.
public enum BackendChoice: String, Sendable, Hashable, CaseIterable {
    /// The kernel module when it answers, else userspace.
    case auto
    /// The kernel module.
    case kernel
    /// The host file's userspace program.
    case userspace
}

/// Where routes to prefixes outside the interface's own go.
public enum RouteTable: Sendable, Hashable {
    /// The main table; a `/0` gets its own table and rules.
    case auto
    /// No routes are made.
    case off
    /// This table.
    case number(UInt32)
}

/// Which forwarded traffic of the interface's own prefixes is masqueraded.
public enum Masquerade: Sendable, Hashable {
    /// None.
    case off
    /// What leaves by any link that is not a managed interface.
    case on
    /// What leaves by these links.
    case outputs([String])
}

/// How IPv6 sources of an interface's own prefixes are treated.
public enum IPv6Mode: String, Sendable, Hashable, CaseIterable {
    /// Masqueraded like IPv4.
    case nat66
    /// Forwarded with their own address.
    case routed
}

/// What peers reach on the gateway itself.
public enum InputPolicy: Sendable, Hashable {
    /// Everything.
    case allow
    /// Only DNS: port 53, UDP and TCP.
    case dnsOnly
    /// Only these services.
    case services([Service])
}

/// A service: a protocol and, for TCP and UDP, a range of ports.
public struct Service: Sendable, Hashable, Comparable, CustomStringConvertible, LosslessStringConvertible {
    /// The transport.
    public enum Transport: String, Sendable, Hashable, CaseIterable {
        /// TCP.
        case tcp
        /// UDP.
        case udp
        /// ICMP and ICMPv6, without ports.
        case icmp
    }

    /// The transport.
    public let transport: Transport
    /// The first and last port; nil for ICMP.
    public let ports: ClosedRange<UInt16>?

    /// Parses `tcp/22`, `tcp/8000-8100` or `icmp`; port 0 and descending ranges are refused.
    public init?(_ description: String) {
        let parts = description.split(separator: "/", omittingEmptySubsequences: false)
        guard let transport = Transport(rawValue: String(parts[0])) else { return nil }
        self.transport = transport
        if transport == .icmp {
            guard parts.count == 1 else { return nil }
            ports = nil
            return
        }
        guard parts.count == 2 else { return nil }
        let bounds = parts[1].split(separator: "-", omittingEmptySubsequences: false)
        let port = { (text: Substring) -> UInt16? in
            guard (1...5).contains(text.utf8.count), text.first != "0",
                text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
            else { return nil }
            return UInt16(text)
        }
        guard (1...2).contains(bounds.count), let first = port(bounds[0]), let last = port(bounds[bounds.count - 1]),
            first <= last
        else { return nil }
        ports = first...last
    }

    /// The form ``init(_:)`` parses.
    public var description: String {
        guard let ports else { return transport.rawValue }
        return ports.count == 1
            ? "\(transport.rawValue)/\(ports.lowerBound)"
            : "\(transport.rawValue)/\(ports.lowerBound)-\(ports.upperBound)"
    }

    /// Orders by the text form of the transport, then by ports.
    public static func < (a: Service, b: Service) -> Bool {
        if a.transport != b.transport { return a.transport.rawValue < b.transport.rawValue }
        return (a.ports?.lowerBound ?? 0, a.ports?.upperBound ?? 0) < (
            b.ports?.lowerBound ?? 0, b.ports?.upperBound ?? 0
        )
    }
}

/// What happens to peers in the kernel that no manifest declares.
public enum UnmanagedPeers: String, Sendable, Hashable, CaseIterable {
    /// They are drift and removed.
    case remove
    /// They are shown and left.
    case report
    /// They are not looked at.
    case ignore
}

/// What the loop does about drift.
public enum DriftPolicy: String, Sendable, Hashable, CaseIterable {
    /// Restore the desired state.
    case heal
    /// Show it and leave it; an explicit `apply` heals it.
    case report
}
