extension IPAddress: CustomStringConvertible, LosslessStringConvertible {
    /// Parses the presentation form: four decimal octets without leading zeros, or RFC 4291 text for IPv6.
    ///
    /// Refused (nil): zone ids (`fe80::1%eth0`), IPv4-mapped addresses, leading zeros, white space, other bases.
    public init?(_ description: String) {
        self.init(text: Array(description.utf8)[...])
    }

    /// Parses the presentation form from UTF-8 bytes; the rules of ``init(_:)``.
    public init?(text: ArraySlice<UInt8>) {
        guard !text.isEmpty, text.count <= 45 else { return nil }
        if text.contains(UInt8(ascii: ":")) {
            guard let value = Self.parseIPv6(text) else { return nil }
            self = value
        } else {
            guard let value = Self.parseIPv4(text) else { return nil }
            self.init(v4: value)
        }
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

    private static func parseIPv4(_ text: ArraySlice<UInt8>) -> UInt32? {
        var value: UInt32 = 0
        var octet: UInt32 = 0
        var digits = 0
        var octets = 0
        for byte in text {
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

    private static func parseIPv6(_ text: ArraySlice<UInt8>) -> IPAddress? {
        var groups: [UInt16] = []
        var gap: Int?
        var index = text.startIndex
        if text.starts(with: [UInt8(ascii: ":"), UInt8(ascii: ":")]) {
            gap = 0
            index += 2
        }
        while index < text.endIndex {
            let end = text[index...].firstIndex(of: UInt8(ascii: ":")) ?? text.endIndex
            let piece = text[index..<end]
            if piece.contains(UInt8(ascii: ".")) {
                guard end == text.endIndex, let value = parseIPv4(piece) else { return nil }
                groups.append(UInt16(value >> 16))
                groups.append(UInt16(value & 0xFFFF))
                index = end
                break
            }
            guard let group = hexGroup(piece) else { return nil }
            groups.append(group)
            guard end < text.endIndex else {
                index = end
                break
            }
            index = end + 1
            if index == text.endIndex { return nil }
            if text[index] == UInt8(ascii: ":") {
                guard gap == nil else { return nil }
                gap = groups.count
                index += 1
            }
        }
        guard gap == nil ? groups.count == 8 : groups.count < 8 else { return nil }
        if let gap { groups.insert(contentsOf: [UInt16](repeating: 0, count: 8 - groups.count), at: gap) }
        let half = { (slice: ArraySlice<UInt16>) in slice.reduce(UInt64(0)) { $0 << 16 | UInt64($1) } }
        let (high, low) = (half(groups[0..<4]), half(groups[4..<8]))
        if high == 0, low >> 32 == 0xFFFF { return nil }
        return IPAddress(v6: high, low)
    }

    private static func hexGroup(_ text: ArraySlice<UInt8>) -> UInt16? {
        guard (1...4).contains(text.count) else { return nil }
        var value: UInt16 = 0
        for byte in text {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: return nil
            }
            value = value << 4 | UInt16(digit)
        }
        return value
    }
}
