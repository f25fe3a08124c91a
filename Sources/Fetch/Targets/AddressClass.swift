import Model

/// Which addresses are for the public: all but the special ones of the IANA registries
/// (https://www.iana.org/assignments/iana-ipv4-special-registry, https://www.iana.org/assignments/iana-ipv6-special-registry).
enum AddressClass {
    /// What a special address is for; nil for a public one.
    static func objection(to address: IPAddress) -> String? {
        switch address.family {
        case .ipv4: special4.first { $0.prefix.contains(address) }?.meaning
        case .ipv6: objection6(address)
        }
    }

    private static func objection6(_ address: IPAddress) -> String? {
        let embedded = IPAddress(v4: UInt32(truncatingIfNeeded: address.low))
        if address.high == 0, address.low >> 32 == 0xFFFF {
            return "an IPv4 address in disguise (\(embedded))"
        }
        // NAT64 (RFC 6052): what the network makes of a name that has IPv4 only.
        if address.high == 0x0064_FF9B_0000_0000, address.low >> 32 == 0 {
            return objection(to: embedded).map { "\(embedded) behind NAT64, \($0)" }
        }
        if let special = special6.first(where: { $0.prefix.contains(address) }) { return special.meaning }
        return address.high >> 61 == 1 ? nil : "not public"
    }

    private typealias Special = (prefix: Prefix, meaning: String)

    private static let special4: [Special] = [
        v4(0, 0, 0, 0, 8, "no host's"), v4(10, 0, 0, 0, 8, "private"), v4(100, 64, 0, 0, 10, "of a provider's NAT"),
        v4(127, 0, 0, 0, 8, "loopback"), v4(169, 254, 0, 0, 16, "link-local"), v4(172, 16, 0, 0, 12, "private"),
        v4(192, 0, 0, 0, 24, "reserved"), v4(192, 0, 2, 0, 24, "for documentation"),
        v4(192, 88, 99, 0, 24, "reserved"), v4(192, 168, 0, 0, 16, "private"), v4(198, 18, 0, 0, 15, "for benchmarks"),
        v4(198, 51, 100, 0, 24, "for documentation"), v4(203, 0, 113, 0, 24, "for documentation"),
        v4(224, 0, 0, 0, 4, "multicast"), v4(240, 0, 0, 0, 4, "reserved"),
    ]

    /// Those outside of `2000::/3` are not public anyway; these have a name of their own.
    private static let special6: [Special] = [
        v6(0, 64, "loopback or reserved"), v6(0xFE80_0000_0000_0000, 10, "link-local"),
        v6(0xFC00_0000_0000_0000, 7, "unique local"), v6(0xFF00_0000_0000_0000, 8, "multicast"),
        v6(0x0064_FF9B_0001_0000, 48, "of a local NAT64"), v6(0x2001_0000_0000_0000, 23, "reserved"),
        v6(0x2001_0DB8_0000_0000, 32, "for documentation"), v6(0x2002_0000_0000_0000, 16, "6to4"),
        v6(0x3FFF_0000_0000_0000, 20, "for documentation"),
    ]

    private static func v4(_ a: UInt32, _ b: UInt32, _ c: UInt32, _ d: UInt32, _ length: Int, _ meaning: String)
        -> Special
    {
        (Prefix(IPAddress(v4: a << 24 | b << 16 | c << 8 | d), length: length), meaning)
    }

    private static func v6(_ high: UInt64, _ length: Int, _ meaning: String) -> Special {
        (Prefix(IPAddress(v6: high, 0), length: length), meaning)
    }
}
