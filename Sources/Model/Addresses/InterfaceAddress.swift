/// An address of a link with the length of its subnet: `10.8.0.1/24`. Unlike ``Prefix`` it keeps its host bits.
public struct InterfaceAddress: Hashable, Sendable {
    /// The address itself.
    public let address: IPAddress
    /// The length of the subnet in bits.
    public let prefixLength: Int

    /// An address in a subnet; a length outside the family's range is clamped.
    @inlinable public init(_ address: IPAddress, prefixLength: Int) {
        self.address = address
        self.prefixLength = min(max(prefixLength, 0), address.family.bits)
    }

    /// The subnet.
    @inlinable public var prefix: Prefix { Prefix(address, length: prefixLength) }

    /// The family of the address.
    @inlinable public var family: AddressFamily { address.family }
}

extension InterfaceAddress: Comparable {
    /// Orders by address, then by length.
    public static func < (a: Self, b: Self) -> Bool {
        a.address != b.address ? a.address < b.address : a.prefixLength < b.prefixLength
    }
}

extension InterfaceAddress: CustomStringConvertible, LosslessStringConvertible {
    /// Parses `address/length`; without a length the address is a host (`/32`, `/128`).
    public init?(_ description: String) {
        self.init(text: Array(description.utf8)[...])
    }

    /// Parses from UTF-8 bytes; the rules of ``init(_:)``. The length is decimal without sign or leading zero.
    public init?(text: ArraySlice<UInt8>) { self.init(text: text.span) }

    /// Parses from UTF-8 bytes; the rules of ``init(_:)``. Allocates nothing.
    public init?(text: Span<UInt8>) {
        var slash = text.count
        while slash > 0, text[slash - 1] != UInt8(ascii: "/") { slash -= 1 }
        guard slash > 0 else {
            guard let address = IPAddress(text: text) else { return nil }
            self.init(address, prefixLength: address.family.bits)
            return
        }
        let digits = slash..<text.count
        guard let address = IPAddress(text: text.extracting(0..<slash - 1)), (1...3).contains(digits.count),
            digits.count == 1 || text[slash] != UInt8(ascii: "0")
        else { return nil }
        var length = 0
        for index in digits {
            let digit = text[index]
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            length = length * 10 + Int(digit - UInt8(ascii: "0"))
        }
        guard length <= address.family.bits else { return nil }
        self.init(address, prefixLength: length)
    }

    /// `10.8.0.1/24`.
    public var description: String { "\(address)/\(prefixLength)" }
}
