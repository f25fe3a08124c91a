import DNSPolicy
import Model
import Testing

@testable import DNSForwarder

/// The way of a query: who decides, what is answered from where, and what is never asked.
@Suite struct QueryPipelineTests {
    private typealias Test = TestPipeline

    @Test(arguments: [
        (DNSSettings.Blocking.Mode.nullIP, RecordType.a, "policy NOERROR, ads.example 10 A 0.0.0.0"),
        (.nullIP, .aaaa, "policy NOERROR, ads.example 10 AAAA ::"),
        (.nullIP, .https, "policy NOERROR, SOA ads.example"),
        (.nxdomain, .a, "policy NXDOMAIN, SOA ads.example"), (.nxdomain, .https, "policy NXDOMAIN, SOA ads.example"),
        (.nodata, .a, "policy NOERROR, SOA ads.example"), (.refused, .a, "policy REFUSED"),
        (.addresses([IPAddress(v4: 0x0A08_0001)]), .a, "policy NOERROR, ads.example 10 A 10.8.0.1"),
        (.addresses([IPAddress(v4: 0x0A08_0001)]), .aaaa, "policy NOERROR, SOA ads.example"),
    ])
    func blockedInEveryMode(mode: DNSSettings.Blocking.Mode, type: RecordType, expected: String) throws {
        let test = try Test(["||ads.example^"]) { $0.blocking.mode = mode }
        #expect(try test.answer("ads.example", type) == expected)
        guard case .done(let resolution) = try test.begin("ads.example", type) else { return }
        #expect(resolution.answer.error == ExtendedError(.blocked, "rules:1: ||ads.example^"))
        #expect(resolution.decision.action == .block)
    }

    @Test func rewrites() throws {
        let test = try Test([
            "||nas.example^$dnsrewrite=10.8.0.9", "||nas.example^$dnsrewrite=fd00::9",
            "||alias.example^$dnsrewrite=nas.example", "||out.example^$dnsrewrite=www.example.org",
            "||gone.example^$dnsrewrite=NXDOMAIN", "||self.example^$dnsrewrite=self.example",
            "||a.circle^$dnsrewrite=b.circle", "||b.circle^$dnsrewrite=a.circle", "||down.example^$dnsrewrite=SERVFAIL",
        ])
        #expect(try test.answer("nas.example") == "policy NOERROR, nas.example 10 A 10.8.0.9")
        #expect(try test.answer("nas.example", .aaaa) == "policy NOERROR, nas.example 10 AAAA fd00::9")
        #expect(try test.answer("nas.example", .mx) == "policy NOERROR, SOA nas.example")
        #expect(
            try test.answer("alias.example")
                == "policy NOERROR, alias.example 10 CNAME nas.example, nas.example 10 A 10.8.0.9")
        #expect(try test.answer("alias.example", .cname) == "policy NOERROR, alias.example 10 CNAME nas.example")
        #expect(try test.answer("gone.example") == "policy NXDOMAIN, SOA gone.example")
        #expect(try test.answer("down.example") == "policy SERVFAIL")
        #expect(try test.answer("self.example") == "policy SERVFAIL")
        #expect(try test.answer("a.circle") == "policy SERVFAIL")
        #expect(try test.answer("out.example") == "ask www.example.org of udp://192.0.2.1:53")
        let found = try Test.message("www.example.org", [Test.address("www.example.org", "198.51.100.7")])
        #expect(
            try test.answer("out.example", upstream: found)
                == "upstream NOERROR, out.example 10 CNAME www.example.org, www.example.org 300 A 198.51.100.7")
        // What decided is the rule, not that nothing speaks against the name it leads to.
        guard case .done(let behind) = try test.begin("out.example") else {
            Issue.record("the answer was not kept")
            return
        }
        #expect(behind.decision.rule?.source.line == 4)
        // The alias is this client's; what the upstream said is everybody's.
        #expect(try test.answer("www.example.org") == "cache NOERROR, www.example.org 300 A 198.51.100.7")
    }

    @Test func anAnswerIsInspected() throws {
        let test = try Test(["||tracker.example^", "||198.51.100.66^", "@@||fine.example^"]) {
            $0.blocking.mode = .nxdomain
        }
        let cloaked = try [
            Test.cname("shop.example", "x.tracker.example"), Test.address("x.tracker.example", "198.51.100.1"),
        ]
        #expect(
            try test.answer("shop.example", upstream: Test.message("shop.example", cloaked))
                == "policy NXDOMAIN, SOA shop.example")
        // It is in the cache and still blocked, for the policy stands above it.
        #expect(test.cache.count == 1)
        #expect(try test.answer("shop.example") == "policy NXDOMAIN, SOA shop.example")
        let address = try [Test.address("host.example", "198.51.100.66")]
        #expect(
            try test.answer("host.example", upstream: Test.message("host.example", address))
                == "policy NXDOMAIN, SOA host.example")
        let mapped = try [Test.address("m.example", "64:ff9b::c633:6442")]
        #expect(
            try test.answer("m.example", .aaaa, upstream: Test.message("m.example", .aaaa, mapped))
                == "policy NXDOMAIN, SOA m.example")
        let hint = ServiceBinding(
            priority: 1, target: .root, parameters: [.init(key: .ipv4Hint, value: [198, 51, 100, 66])])
        let service = ResourceRecord(name: try DomainName(text: "svc.example"), type: .https, ttl: 60, data: hint.data)
        #expect(
            try test.answer("svc.example", .https, upstream: Test.message("svc.example", .https, [service]))
                == "policy NXDOMAIN, SOA svc.example")
        // An allow on the question switches the inspection off.
        let allowed = try [
            Test.cname("fine.example", "x.tracker.example"), Test.address("x.tracker.example", "198.51.100.1"),
        ]
        #expect(
            try test.answer("fine.example", upstream: Test.message("fine.example", allowed))
                == "upstream NOERROR, fine.example 300 CNAME x.tracker.example, x.tracker.example 300 A 198.51.100.1")
    }

    /// What one peer may see never depends on the other, in any order, with a warm cache.
    @Test(arguments: [
        ["10.8.0.2", "10.8.0.3"], ["10.8.0.3", "10.8.0.2"], ["10.8.0.3", "10.8.0.3", "10.8.0.2"],
        ["10.8.0.2", "10.8.0.2", "10.8.0.3"],
    ])
    func thePolicyStandsAboveTheCache(order: [String]) throws {
        let test = try Test(["||shop.example^$client=kid", "||cdn.example^$client=kid"])
        let message = try Test.message(
            "www.example", [Test.cname("www.example", "cdn.example"), Test.address("cdn.example", "198.51.100.1")])
        for client in order + order {
            let isKid = client == "10.8.0.2"
            #expect(try test.answer("shop.example", client: client).hasPrefix(isKid ? "policy" : "ask"))
            let step = try test.begin("www.example", client: client)
            let resolution =
                switch step {
                case .done(let resolution): resolution
                case .ask(let inquiry): test.pipeline.finish(inquiry, with: message, now: Test.start)
                }
            #expect((resolution.decision.action == .block) == isKid)
            #expect(resolution.answer.answers.contains { $0.address.map { "\($0)" } == "198.51.100.1" } == !isKid)
        }
    }

    @Test func answersAge() throws {
        let test = try Test()
        let message = try Test.message("a.example", [Test.address("a.example", "198.51.100.1", ttl: 30)])
        #expect(try test.answer("a.example", upstream: message) == "upstream NOERROR, a.example 30 A 198.51.100.1")
        #expect(try test.answer("a.example", after: 20) == "cache NOERROR, a.example 10 A 198.51.100.1")
        #expect(try test.answer("a.example", after: 30).hasPrefix("ask"))
        #expect(try test.answer("A.Example", after: 29) == "cache NOERROR, a.example 1 A 198.51.100.1")
        // DO and CD are questions of their own.
        guard case .ask = try test.begin("a.example", dnssec: true) else {
            Issue.record("an answer without signatures served a query for them")
            return
        }
    }

    @Test func noUpstreamOrACircle() throws {
        let test = try Test()
        #expect(try test.answer("a.example", upstream: nil) == "failure SERVFAIL")
        let circle = try Test.message(
            "a.example", [Test.cname("a.example", "b.example"), Test.cname("b.example", "a.example")])
        #expect(try test.answer("a.example", upstream: circle) == "failure SERVFAIL")
        #expect(test.cache.count == 0)
    }

    @Test func onlyWhatWasAskedIsBelieved() throws {
        let test = try Test()
        let message = try Test.message(
            "a.example",
            [
                Test.address("a.example", "198.51.100.1"), Test.address("bank.example", "203.0.113.66"),
                Test.cname("other.example", "evil.example"),
            ],
            authority: [
                Test.soa("example"), .ptr(DomainName(text: "example"), DomainName(text: "ns.evil.example"), ttl: 1),
            ],
            additional: [Test.address("bank.example", "203.0.113.66")])
        #expect(
            try test.answer("a.example", upstream: message)
                == "upstream NOERROR, a.example 300 A 198.51.100.1, SOA example")
        #expect(try test.answer("bank.example").hasPrefix("ask"))
        #expect(try test.answer("other.example").hasPrefix("ask"))
    }

    @Test func privateAddressesOfPublicNames() throws {
        let test = try Test { $0.conditional = [DNSConditionalZone(name: "corp.example", upstreams: $0.upstreams)] }
        for address in ["10.0.0.1", "192.168.1.1", "127.0.0.1", "169.254.1.1", "100.64.0.1"] {
            let message = try Test.message("r.example", [Test.address("r.example", address)])
            let fresh = try Test()
            #expect(try fresh.answer("r.example", upstream: message) == "upstream NOERROR, SOA r.example")
        }
        let six = try Test.message("r6.example", .aaaa, [Test.address("r6.example", "64:ff9b::a00:1")])
        #expect(try test.answer("r6.example", .aaaa, upstream: six) == "upstream NOERROR, SOA r6.example")
        let own = try Test.message("nas.corp.example", [Test.address("nas.corp.example", "10.0.0.1")])
        #expect(
            try test.answer("nas.corp.example", upstream: own) == "upstream NOERROR, nas.corp.example 300 A 10.0.0.1")
        let off = try Test { $0.rebindProtection = false }
        let message = try Test.message("r.example", [Test.address("r.example", "10.0.0.1")])
        #expect(try off.answer("r.example", upstream: message) == "upstream NOERROR, r.example 300 A 10.0.0.1")
    }

    @Test func zonesHaveUpstreamsOfTheirOwn() throws {
        let (one, two) = (
            try #require(DNSUpstream("udp://192.0.2.53:53")), try #require(DNSUpstream("tcp://192.0.2.54:53"))
        )
        let test = try Test {
            $0.conditional = [
                DNSConditionalZone(name: "corp.example", upstreams: [one]),
                DNSConditionalZone(name: "lab.corp.example", upstreams: [two]),
                DNSConditionalZone(name: "home.arpa", upstreams: [one]),
            ]
        }
        #expect(try test.answer("corp.example") == "ask corp.example of udp://192.0.2.53:53")
        #expect(try test.answer("x.corp.example") == "ask x.corp.example of udp://192.0.2.53:53")
        #expect(try test.answer("x.lab.corp.example") == "ask x.lab.corp.example of tcp://192.0.2.54:53")
        #expect(try test.answer("notcorp.example") == "ask notcorp.example of udp://192.0.2.1:53")
        #expect(try test.answer("nas.home.arpa") == "ask nas.home.arpa of udp://192.0.2.53:53")
    }
}
