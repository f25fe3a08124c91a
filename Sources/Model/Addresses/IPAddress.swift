/// The address family of an IP address or prefix.
public enum AddressFamily: UInt8, Sendable, Hashable, Comparable, CaseIterable {
    /// Internet Protocol version 4, addresses of 32 bits (RFC 791).
    case ipv4 = 4
    /// Internet Protocol version 6, addresses of 128 bits (RFC 8200).
    case ipv6 = 6

    /// The length of an address in bits: 32 or 128.
    @inlinable public var bits: Int { self == .ipv4 ? 32 : 128 }

    /// Orders IPv4 before IPv6.
    @inlinable public static func < (a: Self, b: Self) -> Bool { a.rawValue < b.rawValue }
}

/// An IPv4 or IPv6 address without a zone.
///
/// An IPv4-mapped IPv6 address (`::ffff:10.0.0.1`) is refused by the parser: the kernel treats it as IPv4 in some
/// places and as IPv6 in others, so it would have two spellings that don't compare equal.
public struct IPAddress: Hashable, Sendable {
    /// The family; an IPv4 address has `high == 0` and its 32 bits in the low half of `low`.
    public let family: AddressFamily
    /// The upper 64 bits of an IPv6 address in host order, 0 for IPv4.
    public let high: UInt64
    /// The lower 64 bits of an IPv6 address, or the 32 bits of an IPv4 address, in host order.
    public let low: UInt64

    /// An IPv4 address from its 32 bits in host order.
    @inlinable public init(v4 value: UInt32) {
        family = .ipv4
        high = 0
        low = UInt64(value)
    }

    /// An IPv6 address from its two halves in host order.
    @inlinable public init(v6 high: UInt64, _ low: UInt64) {
        family = .ipv6
        self.high = high
        self.low = low
    }

    @inlinable init(family: AddressFamily, high: UInt64, low: UInt64) {
        self.family = family
        self.high = high
        self.low = low
    }

    /// The address in network byte order: 4 or 16 bytes.
    public var bytes: [UInt8] {
        switch family {
        case .ipv4: (0..<4).map { UInt8(truncatingIfNeeded: low >> (24 - 8 * $0)) }
        case .ipv6: (0..<16).map { UInt8(truncatingIfNeeded: ($0 < 8 ? high : low) >> (56 - 8 * ($0 % 8))) }
        }
    }

    /// An address from 4 or 16 bytes in network order; nil for any other count.
    public init?(bytes: some Collection<UInt8>) {
        var high: UInt64 = 0
        var low: UInt64 = 0
        switch bytes.count {
        case 4:
            for byte in bytes { low = low << 8 | UInt64(byte) }
            self.init(family: .ipv4, high: 0, low: low)
        case 16:
            for (index, byte) in bytes.enumerated() {
                if index < 8 { high = high << 8 | UInt64(byte) } else { low = low << 8 | UInt64(byte) }
            }
            self.init(family: .ipv6, high: high, low: low)
        default:
            return nil
        }
    }

    /// The address with all bits after the first `length` set to zero.
    @inlinable public func masked(to length: Int) -> IPAddress {
        switch family {
        case .ipv4:
            let mask: UInt64 = length <= 0 ? 0 : (0xFFFF_FFFF << UInt64(32 - min(length, 32))) & 0xFFFF_FFFF
            return IPAddress(family: .ipv4, high: 0, low: low & mask)
        case .ipv6:
            if length <= 0 { return IPAddress(family: .ipv6, high: 0, low: 0) }
            if length <= 64 {
                return IPAddress(family: .ipv6, high: high & (UInt64.max << UInt64(64 - length)), low: 0)
            }
            return IPAddress(family: .ipv6, high: high, low: low & (UInt64.max << UInt64(128 - min(length, 128))))
        }
    }

    /// The address `offset` above this one; nil when that leaves the family's range.
    public func advanced(by offset: UInt64) -> IPAddress? {
        let (sum, overflow) = low.addingReportingOverflow(offset)
        switch family {
        case .ipv4: return overflow || sum > 0xFFFF_FFFF ? nil : IPAddress(family: .ipv4, high: 0, low: sum)
        case .ipv6:
            if !overflow { return IPAddress(family: .ipv6, high: high, low: sum) }
            return high == .max ? nil : IPAddress(family: .ipv6, high: high + 1, low: sum)
        }
    }

    /// Whether this is `0.0.0.0` or `::`.
    @inlinable public var isUnspecified: Bool { high == 0 && low == 0 }

    /// Whether this is a loopback address (`127.0.0.0/8`, `::1`).
    public var isLoopback: Bool { family == .ipv4 ? low >> 24 == 127 : high == 0 && low == 1 }

    /// Whether this is a multicast address (`224.0.0.0/4`, `ff00::/8`).
    public var isMulticast: Bool { family == .ipv4 ? low >> 28 == 0xE : high >> 56 == 0xFF }

    /// Whether this is a link-local address (`169.254.0.0/16`, `fe80::/10`).
    public var isLinkLocal: Bool { family == .ipv4 ? low >> 16 == 0xA9FE : high >> 54 == 0xFE80 >> 6 }

    /// Whether this is a unique local IPv6 address (`fc00::/7`, RFC 4193).
    public var isUniqueLocal: Bool { family == .ipv6 && high >> 57 == 0xFC >> 1 }

    /// Whether this is private IPv4 (RFC 1918) or unique local IPv6.
    public var isPrivate: Bool {
        family == .ipv4 ? low >> 24 == 10 || low >> 20 == 0xAC1 || low >> 16 == 0xC0A8 : isUniqueLocal
    }
}

extension IPAddress: Comparable {
    /// Orders by family, then numerically.
    @inlinable public static func < (a: IPAddress, b: IPAddress) -> Bool {
        if a.family != b.family { return a.family < b.family }
        return a.high != b.high ? a.high < b.high : a.low < b.low
    }
}
