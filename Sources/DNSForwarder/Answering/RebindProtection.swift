internal import DNSPolicy
internal import Model

/// Private addresses in the answer of a public upstream: a page could make a browser talk to hosts behind the gateway
/// (DNS rebinding).
enum RebindProtection {
    /// Whether a public name is answered with an address that no public host has.
    static func isHit(_ answer: Answer) -> Bool {
        answer.answers.contains { record in
            if let address = record.address { return isPrivate(address) }
            return record.serviceBinding?.hints.contains(where: isPrivate) ?? false
        }
    }

    static func isPrivate(_ address: IPAddress) -> Bool {
        if let inner = embedded(address) { return isPrivate(inner) }
        return ranges.contains { $0.contains(address) }
    }

    /// The IPv4 address in an IPv4-mapped one, and in one behind NAT64 (RFC 6052).
    static func embedded(_ address: IPAddress) -> IPAddress? {
        guard address.family == .ipv6 else { return nil }
        let isMapped = address.high == 0 && address.low >> 32 == 0xFFFF
        let isTranslated = address.high == 0x0064_FF9B_0000_0000 && address.low >> 32 == 0
        return isMapped || isTranslated ? IPAddress(v4: UInt32(truncatingIfNeeded: address.low)) : nil
    }

    /// Addresses of this host, of links and of private networks. The unspecified address is none of them: filters
    /// upstream answer with it.
    private static let ranges: [Prefix] = [
        "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "100.64.0.0/10", "::1/128",
        "fc00::/7", "fe80::/10",
    ].compactMap { Prefix($0) }
}
