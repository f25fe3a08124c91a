internal import DNSPolicy
internal import Model

/// Names that are never asked of an upstream: special-use names (RFC 6761 and the registry it made), and the reverse
/// names of private addresses (RFC 6303).
enum SpecialNames {
    private static let ttl: UInt32 = 3600

    /// The answer for a special name; nil for every other.
    static func answer(to question: Question) -> Answer? {
        let name = question.name
        guard mark(name).map(marks.contains) ?? false else { return nil }
        if name.isSubdomain(of: localhost) { return loopback(question) }
        // The forwarder is not discovered as one that also speaks TLS (RFC 9462, 6.3).
        if name.isSubdomain(of: resolver) { return NegativeAnswer.noData(resolver, ttl: ttl) }
        if let zone = absent.first(where: name.isSubdomain) { return NegativeAnswer.nameError(zone, ttl: ttl) }
        if name.isSubdomain(of: reverse4) || name.isSubdomain(of: reverse6),
            let zone = privateReverse.first(where: name.isSubdomain)
        {
            // The zone itself is there, nothing is below it.
            return name == zone ? NegativeAnswer.noData(zone, ttl: ttl) : NegativeAnswer.nameError(zone, ttl: ttl)
        }
        return nil
    }

    /// Length and first letter of the top-level domain, which tell nearly every name from the special ones.
    private static func mark(_ name: DomainName) -> UInt16? {
        var last: Int?
        for start in name.labelStarts { last = start }
        return last.map { UInt16(name.octets[$0]) << 8 | UInt16(name.octets[$0 + 1]) }
    }

    private static let marks = ([localhost, resolver, reverse4] + absent).compactMap(mark)

    private static func loopback(_ question: Question) -> Answer {
        switch question.type {
        case .a: Answer(answers: [.address(question.name, IPAddress(v4: 0x7F00_0001), ttl: ttl)])
        case .aaaa: Answer(answers: [.address(question.name, IPAddress(v6: 0, 1), ttl: ttl)])
        default: NegativeAnswer.noData(localhost, ttl: ttl)
        }
    }

    private static func names(_ texts: [String]) -> [DomainName] { texts.compactMap { try? DomainName(text: $0) } }

    private static let localhost = names(["localhost"])[0]
    private static let resolver = names(["resolver.arpa"])[0]
    private static let reverse4 = names(["in-addr.arpa"])[0]
    private static let reverse6 = names(["ip6.arpa"])[0]
    /// `use-application-dns.net` tells a browser not to go around this forwarder.
    private static let absent = names([
        "local", "test", "invalid", "onion", "home.arpa", "use-application-dns.net",
    ])
    private static let privateReverse = names(
        ["10", "168.192", "254.169", "127", "0", "2.0.192", "100.51.198", "113.0.203", "255.255.255.255"]
            .map { "\($0).in-addr.arpa" }
            + (16...31).map { "\($0).172.in-addr.arpa" } + (64...127).map { "\($0).100.in-addr.arpa" }
            + ["d.f", "8.e.f", "9.e.f", "a.e.f", "b.e.f", "8.b.d.0.1.0.0.2"].map { "\($0).ip6.arpa" }
            + ["0", "1"].map { $0 + String(repeating: ".0", count: 31) + ".ip6.arpa" })
}
