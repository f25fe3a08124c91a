import Model
import Netlink

// Between the plain integers of netlink messages and the model's addresses; nothing here allocates.

extension AddressFamily {
    init(_ family: NetlinkFamily) { self = family == .ipv4 ? .ipv4 : .ipv6 }

    var netlink: NetlinkFamily { self == .ipv4 ? .ipv4 : .ipv6 }
}

extension IPAddress {
    init(_ address: NetlinkAddress) {
        switch address {
        case .ipv4(let value): self.init(v4: value)
        case .ipv6(let high, let low): self.init(v6: high, low)
        }
    }

    var netlink: NetlinkAddress {
        family == .ipv4 ? .ipv4(UInt32(truncatingIfNeeded: low)) : .ipv6(high, low)
    }
}

extension Prefix {
    init(_ prefix: NetlinkPrefix) { self.init(IPAddress(prefix.address), length: Int(prefix.length)) }

    var netlink: NetlinkPrefix { NetlinkPrefix(address.netlink, length: UInt8(truncatingIfNeeded: length)) }
}

extension InterfaceAddress {
    init(_ prefix: NetlinkPrefix) { self.init(IPAddress(prefix.address), prefixLength: Int(prefix.length)) }

    var netlink: NetlinkPrefix { NetlinkPrefix(address.netlink, length: UInt8(truncatingIfNeeded: prefixLength)) }
}

extension SocketAddress {
    /// The scope of a link-local endpoint is not part of the model.
    init(_ endpoint: NetlinkEndpoint) { self.init(IPAddress(endpoint.address), port: endpoint.port) }

    var netlink: NetlinkEndpoint { NetlinkEndpoint(address: address.netlink, port: port) }
}
