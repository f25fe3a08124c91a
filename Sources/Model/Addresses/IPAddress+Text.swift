extension IPAddress: CustomStringConvertible, LosslessStringConvertible {
    /// Parses the presentation form: four decimal octets without leading zeros, or RFC 4291 text for IPv6.
    ///
    /// Refused (nil): zone ids (`fe80::1%eth0`), IPv4-mapped addresses, leading zeros, white space, other bases.
    public init?(_ description: String) {
        self.init(text: Array(description.utf8)[...])
    }

    /// Parses the presentation form from UTF-8 bytes; the rules of ``init(_:)``.
    public init?(text: ArraySlice<UInt8>) { self.init(text: text.span) }

    /// Parses the presentation form from UTF-8 bytes; the rules of ``init(_:)``. Allocates nothing.
    public init?(text: Span<UInt8>) {
        guard !text.isEmpty, text.count <= 45 else { return nil }
        for index in text.indices where text[index] == UInt8(ascii: ":") {
            guard let value = Self.parseIPv6(text) else { return nil }
            self = value
            return
        }
        guard let value = Self.parseIPv4(text) else { return nil }
        self.init(v4: value)
    }

    /// The canonical text: dotted decimal, or RFC 5952 for IPv6.
    public var description: String {
        switch family {
        case .ipv4: "\(low >> 24 & 0xFF).\(low >> 16 & 0xFF).\(low >> 8 & 0xFF).\(low & 0xFF)"
        case .ipv6: Self.format(groups: groups)
        }
    }

    private var groups: [UInt16] {
        (0..<8).map { UInt16(truncatingIfNeeded: ($0 < 4 ? high : low) >> UInt64(48 - 16 * ($0 % 4))) }
    }

    private static func format(groups: [UInt16]) -> String {
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > max(best.count, 1) { best = start..<end }
            start = max(end, start + 1)
        }
        let hex = { (range: Range<Int>) in groups[range].map { String($0, radix: 16) }.joined(separator: ":") }
        return best.isEmpty ? hex(0..<8) : hex(0..<best.lowerBound) + "::" + hex(best.upperBound..<8)
    }

    private static func parseIPv4(_ text: Span<UInt8>) -> UInt32? {
        var value: UInt32 = 0
        var octet: UInt32 = 0
        var digits = 0
        var octets = 0
        for index in text.indices {
            let byte = text[index]
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if digits > 0, octet == 0 { return nil }
                octet = octet * 10 + UInt32(byte - UInt8(ascii: "0"))
                digits += 1
                if octet > 255 { return nil }
            case UInt8(ascii: "."):
                guard digits > 0, octets < 3 else { return nil }
                value = value << 8 | octet
                octet = 0
                digits = 0
                octets += 1
            default:
                return nil
            }
        }
        return octets == 3 && digits > 0 ? value << 8 | octet : nil
    }

    private static func parseIPv6(_ text: Span<UInt8>) -> IPAddress? {
        // The groups before `::`, once it was read, and those since then or since the start.
        var head: (groups: UInt128, count: Int)?
        var (groups, count): (UInt128, Int) = (0, 0)
        var index = 0
        if text.count >= 2, text[0] == UInt8(ascii: ":"), text[1] == UInt8(ascii: ":") {
            head = (0, 0)
            index = 2
        }
        while index < text.count {
            let start = index
            var group: UInt128 = 0
            while index < text.count, let digit = hexDigit(text[index]) {
                group = group << 4 | UInt128(digit)
                index += 1
            }
            if index < text.count, text[index] == UInt8(ascii: ".") {
                guard let value = parseIPv4(text.extracting(start..<text.count)) else { return nil }
                groups = groups << 32 | UInt128(value)
                count += 2
                break
            }
            guard (1...4).contains(index - start) else { return nil }
            groups = groups << 16 | group
            count += 1
            guard index < text.count else { break }
            guard text[index] == UInt8(ascii: ":"), index + 1 < text.count else { return nil }
            index += 1
            if text[index] == UInt8(ascii: ":") {
                guard head == nil else { return nil }
                head = (groups, count)
                (groups, count) = (0, 0)
                index += 1
            }
        }
        if let head {
            guard head.count + count < 8 else { return nil }
            if head.count > 0 { groups |= head.groups << UInt128(16 * (8 - head.count)) }
        } else if count != 8 {
            return nil
        }
        if groups >> 32 == 0xFFFF { return nil }
        return IPAddress(v6: UInt64(groups >> 64), UInt64(truncatingIfNeeded: groups))
    }

    private static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
