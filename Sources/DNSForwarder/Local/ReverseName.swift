internal import DNSPolicy
internal import Model

/// Reverse names: `2.0.8.10.in-addr.arpa` (RFC 1035, 3.5), `2.0.…8.b.d.0.1.0.0.2.ip6.arpa` (RFC 3596, 2.5).
enum ReverseName {
    /// The address that a whole reverse name is of; nil for every other name, also for one of a part of an address.
    static func address(of name: DomainName) -> IPAddress? {
        // Nearly every name is none, and is told by its last label.
        guard name.isSubdomain(of: arpa) else { return nil }
        let parts = "\(name)".split(separator: ".", omittingEmptySubsequences: false)
        if parts.count == 6, parts[4...].elementsEqual(["in-addr", "arpa"]) {
            return IPAddress(parts[..<4].reversed().joined(separator: "."))
        }
        guard parts.count == 34, parts[32...].elementsEqual(["ip6", "arpa"]) else { return nil }
        var bytes: [UInt8] = []
        let nibbles = parts[..<32].reversed().map { $0.utf8.count == 1 ? UInt8($0, radix: 16) : nil }
        for index in stride(from: 0, to: 32, by: 2) {
            guard let high = nibbles[index], let low = nibbles[index + 1] else { return nil }
            bytes.append(high << 4 | low)
        }
        return IPAddress(bytes: bytes)
    }

    private static let arpa = DomainName(labels: ["arpa".utf8]) ?? .root
}
