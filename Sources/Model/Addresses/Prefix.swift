/// An IP prefix (RFC 4632): an address whose host bits are zero, and a length.
public struct Prefix: Hashable, Sendable {
    /// The first address of the prefix; all bits after `length` are zero.
    public let address: IPAddress
    /// The number of leading bits that matter: 0...32 or 0...128.
    public let length: Int

    /// The prefix of `length` bits that contains `address`; lengths outside the family's range are clamped.
    @inlinable public init(_ address: IPAddress, length: Int) {
        let length = min(max(length, 0), address.family.bits)
        self.address = address.masked(to: length)
        self.length = length
    }

    /// The prefix of one host: `/32` or `/128`.
    @inlinable public init(host address: IPAddress) {
        self.address = address
        length = address.family.bits
    }

    /// The family of the address.
    @inlinable public var family: AddressFamily { address.family }

    /// Whether this is one host (`/32`, `/128`).
    @inlinable public var isHost: Bool { length == address.family.bits }

    /// Whether this is `0.0.0.0/0` or `::/0`.
    @inlinable public var isDefault: Bool { length == 0 }

    /// Whether `other` lies in this prefix.
    @inlinable public func contains(_ other: IPAddress) -> Bool {
        other.family == address.family && other.masked(to: length) == address
    }

    /// Whether every address of `other` lies in this prefix; true for itself.
    @inlinable public func contains(_ other: Prefix) -> Bool {
        other.length >= length && contains(other.address)
    }

    /// Whether the two share at least one address.
    @inlinable public func overlaps(_ other: Prefix) -> Bool { contains(other) || other.contains(self) }

    /// The last address of the prefix (for IPv4 below `/31` the broadcast address).
    public var last: IPAddress {
        let free = UInt64(family.bits - length)
        switch family {
        case .ipv4: return IPAddress(v4: UInt32(address.low | ((1 << free) - 1)))
        case .ipv6:
            if free == 0 { return address }
            if free >= 64 {
                let high = free == 128 ? UInt64.max : address.high | ((1 << (free - 64)) - 1)
                return IPAddress(v6: high, .max)
            }
            return IPAddress(v6: address.high, address.low | ((1 << free) - 1))
        }
    }
}

extension Prefix: Comparable {
    /// Orders by address, then the shorter prefix first.
    @inlinable public static func < (a: Prefix, b: Prefix) -> Bool {
        a.address != b.address ? a.address < b.address : a.length < b.length
    }
}

extension Prefix: CustomStringConvertible, LosslessStringConvertible {
    /// Parses `address/length`, or an address alone as a host prefix. Host bits are masked away.
    public init?(_ description: String) {
        self.init(text: Array(description.utf8)[...])
    }

    /// Parses from UTF-8 bytes; the rules of ``init(_:)``.
    public init?(text: ArraySlice<UInt8>) { self.init(text: text.span) }

    /// Parses from UTF-8 bytes; the rules of ``init(_:)``. Allocates nothing.
    public init?(text: Span<UInt8>) {
        guard let value = InterfaceAddress(text: text) else { return nil }
        self = value.prefix
    }

    /// `10.8.0.0/24`, hosts included (`10.8.0.2/32`).
    public var description: String { "\(address)/\(length)" }
}
