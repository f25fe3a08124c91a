/// A DNS host name (RFC 1123): letters, digits and hyphens in labels of 1-63 bytes, at most 253 bytes in all.
public struct HostName: Hashable, Sendable {
    /// The name in lower case without a trailing dot.
    public let value: String

    /// Checks and folds a name; nil when it isn't one, also when its last label is a number, decimal or `0x…`:
    /// `inet_aton(3)`, and with it the resolver, reads such a name as an IPv4 address.
    public init?(text: ArraySlice<UInt8>) {
        var bytes = text
        if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
        guard (1...253).contains(bytes.count) else { return nil }
        var folded: [UInt8] = []
        folded.reserveCapacity(bytes.count)
        var labelLength = 0
        var labelIsNumeric = true
        var previous = UInt8(ascii: ".")
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "."):
                guard labelLength > 0, previous != UInt8(ascii: "-") else { return nil }
                labelLength = 0
                labelIsNumeric = true
                folded.append(byte)
                previous = byte
                continue
            case UInt8(ascii: "0")...UInt8(ascii: "9"): folded.append(byte)
            case UInt8(ascii: "-"):
                guard labelLength > 0 else { return nil }
                labelIsNumeric = false
                folded.append(byte)
            case UInt8(ascii: "a")...UInt8(ascii: "z"):
                labelIsNumeric = false
                folded.append(byte)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"):
                labelIsNumeric = false
                folded.append(byte | 0x20)
            default: return nil
            }
            labelLength += 1
            guard labelLength <= 63 else { return nil }
            previous = byte
        }
        guard labelLength > 0, previous != UInt8(ascii: "-"), !labelIsNumeric,
            !Self.isHexadecimal(folded.suffix(labelLength))
        else { return nil }
        value = String(decoding: folded, as: UTF8.self)
    }

    private static func isHexadecimal(_ label: ArraySlice<UInt8>) -> Bool {
        guard label.starts(with: [UInt8(ascii: "0"), UInt8(ascii: "x")]) else { return false }
        return label.dropFirst(2).allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}
