import DNSPolicy
import Testing

@testable import DNSForwarder

/// Names that are answered here and never asked of an upstream.
@Suite struct LocalNameTests {
    @Test(arguments: [
        ("kid.wg0.vpn.internal", RecordType.a, "local NOERROR, kid.wg0.vpn.internal 60 A 10.8.0.2"),
        ("kid.wg0.vpn.internal", .aaaa, "local NOERROR, kid.wg0.vpn.internal 60 AAAA fd42::2"),
        ("KID.WG0.vpn.internal", .a, "local NOERROR, kid.wg0.vpn.internal 60 A 10.8.0.2"),
        ("kid.wg0.vpn.internal", .mx, "local NOERROR, SOA vpn.internal"),
        ("wg0.vpn.internal", .a, "local NOERROR, SOA vpn.internal"),
        ("vpn.internal", .a, "local NOERROR, SOA vpn.internal"),
        ("nobody.wg0.vpn.internal", .a, "local NXDOMAIN, SOA vpn.internal"),
        ("kid.wg1.vpn.internal", .a, "local NXDOMAIN, SOA vpn.internal"),
        ("x.kid.wg0.vpn.internal", .a, "local NXDOMAIN, SOA vpn.internal"),
        ("2.0.8.10.in-addr.arpa", .ptr, "local NOERROR, 2.0.8.10.in-addr.arpa 60 PTR kid.wg0.vpn.internal"),
        ("2.0.8.10.in-addr.arpa", .a, "local NOERROR, SOA 2.0.8.10.in-addr.arpa"),
        ("9.0.8.10.in-addr.arpa", .ptr, "local NXDOMAIN, SOA 9.0.8.10.in-addr.arpa"),
        (
            "2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.4.d.f.ip6.arpa", .ptr,
            "local NOERROR, 2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.4.d.f.ip6.arpa 60 PTR kid.wg0.vpn.internal"
        ),
        ("localhost", .a, "local NOERROR, localhost 3600 A 127.0.0.1"),
        ("x.localhost", .aaaa, "local NOERROR, x.localhost 3600 AAAA ::1"),
        ("localhost", .mx, "local NOERROR, SOA localhost"), ("printer.local", .a, "local NXDOMAIN, SOA local"),
        ("a.test", .a, "local NXDOMAIN, SOA test"), ("a.invalid", .a, "local NXDOMAIN, SOA invalid"),
        ("abc.onion", .a, "local NXDOMAIN, SOA onion"), ("nas.home.arpa", .a, "local NXDOMAIN, SOA home.arpa"),
        ("_dns.resolver.arpa", .svcb, "local NOERROR, SOA resolver.arpa"),
        ("use-application-dns.net", .a, "local NXDOMAIN, SOA use-application-dns.net"),
        ("1.1.168.192.in-addr.arpa", .ptr, "local NXDOMAIN, SOA 168.192.in-addr.arpa"),
        ("1.0.16.172.in-addr.arpa", .ptr, "local NXDOMAIN, SOA 16.172.in-addr.arpa"),
        ("1.0.0.10.in-addr.arpa", .ptr, "local NXDOMAIN, SOA 10.in-addr.arpa"),
        ("10.in-addr.arpa", .soa, "local NOERROR, SOA 10.in-addr.arpa"),
        ("1.0.0.127.in-addr.arpa", .ptr, "local NXDOMAIN, SOA 127.in-addr.arpa"),
        ("a.b.e.f.ip6.arpa", .ptr, "local NXDOMAIN, SOA b.e.f.ip6.arpa"),
    ])
    func answeredHere(name: String, type: RecordType, expected: String) throws {
        #expect(try TestPipeline().answer(name, type) == expected)
    }

    @Test(arguments: [
        "local.example", "mylocal", "example.org", "8.8.8.8.in-addr.arpa", "1.32.172.in-addr.arpa", "internal",
        "test.example",
    ])
    func everythingElseIsAsked(name: String) throws {
        #expect(try TestPipeline().answer(name) == "ask \(name) of udp://192.0.2.1:53")
    }

    @Test func aRuleReplacesALocalName() throws {
        let test = try TestPipeline(["|kid.wg0.vpn.internal^$dnsrewrite=10.8.0.77", "||blocked.local^"])
        #expect(try test.answer("kid.wg0.vpn.internal") == "policy NOERROR, kid.wg0.vpn.internal 10 A 10.8.0.77")
        #expect(try test.answer("blocked.local") == "policy NOERROR, blocked.local 10 A 0.0.0.0")
    }

    @Test(
        arguments: [
            ("4.3.2.1.in-addr.arpa", "1.2.3.4"), ("3.2.1.in-addr.arpa", nil), ("256.3.2.1.in-addr.arpa", nil),
            ("x.3.2.1.in-addr.arpa", nil), ("5.4.3.2.1.in-addr.arpa", nil), ("01.3.2.1.in-addr.arpa", nil),
        ] as [(String, String?)])
    func reverseNames(name: String, address: String?) throws {
        #expect(ReverseName.address(of: try DomainName(text: name)).map { "\($0)" } == address)
    }
}
