internal import CLibMnl

/// An address family that netlink messages name in their first byte.
public enum NetlinkFamily: UInt8, Hashable, Sendable, CaseIterable {
    /// `AF_INET` of `<sys/socket.h>`.
    case ipv4 = 2
    /// `AF_INET6` of `<sys/socket.h>`.
    case ipv6 = 10

    /// Bits of an address: 32 or 128.
    public var bitWidth: UInt8 { self == .ipv4 ? 32 : 128 }
}

/// An IPv4 or IPv6 address as plain integers; no allocation, cheap to map to other types.
public enum NetlinkAddress: Hashable, Sendable {
    /// The address as a number: 192.0.2.1 is 0xC0000201.
    case ipv4(UInt32)
    /// The address as a number, upper and lower half: 2001:db8::1 is 0x20010db8_00000000 and 1.
    case ipv6(UInt64, UInt64)

    /// The family of the address.
    public var family: NetlinkFamily {
        switch self {
        case .ipv4: .ipv4
        case .ipv6: .ipv6
        }
    }

    /// Bytes on the wire: 4 or 16.
    public var byteCount: Int { family == .ipv4 ? 4 : 16 }

    /// `0.0.0.0` or `::`.
    public static func unspecified(_ family: NetlinkFamily) -> NetlinkAddress {
        family == .ipv4 ? .ipv4(0) : .ipv6(0, 0)
    }
}

/// An address and the number of its leading bits that count; host bits may be set.
public struct NetlinkPrefix: Hashable, Sendable {
    /// The address.
    public var address: NetlinkAddress
    /// Leading bits that count, 0 to 32 or 128.
    public var length: UInt8

    /// Joins an address and a prefix length.
    @inlinable
    public init(_ address: NetlinkAddress, length: UInt8) {
        self.address = address
        self.length = length
    }

    /// The prefix of one address: length 32 or 128.
    public static func host(_ address: NetlinkAddress) -> NetlinkPrefix {
        NetlinkPrefix(address, length: address.family.bitWidth)
    }

    /// `0.0.0.0/0` or `::/0`.
    public static func all(_ family: NetlinkFamily) -> NetlinkPrefix {
        NetlinkPrefix(.unspecified(family), length: 0)
    }
}

/// An address with a UDP port: `struct sockaddr_in` or `struct sockaddr_in6`.
public struct NetlinkEndpoint: Hashable, Sendable {
    /// The address.
    public var address: NetlinkAddress
    /// The UDP port in host byte order.
    public var port: UInt16
    /// `sin6_scope_id`: the link index of a link-local IPv6 address, else 0.
    public var scopeID: UInt32

    /// Joins an address, a port and a scope.
    @inlinable
    public init(address: NetlinkAddress, port: UInt16, scopeID: UInt32 = 0) {
        self.address = address
        self.port = port
        self.scopeID = scopeID
    }
}
