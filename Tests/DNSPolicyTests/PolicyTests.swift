import DNSPolicy
import Model
import Testing

/// Who asks, pauses, expiry and names in answers.
@Suite struct PolicyTests {
    private static let peers = """
        peer wg0/kid 10.8.0.2/32,fd42::2/128
        peer wg0/branch 10.8.0.3/32,192.168.50.0/24,192.168.0.0/16
        peer wg0/inner 192.168.50.128/25
        peer wg1/kid 10.8.0.2/32
        """

    private static func place(_ path: String, _ line: Int) -> Model.SourceLocation {
        Model.SourceLocation(path: path, line: line, column: 1)
    }

    private func client(_ interface: String, _ address: String) throws -> String? {
        let policy = try PolicyTable(Self.peers).policy
        return policy.client(interface: interface, address: try #require(Self.address(address))).map {
            "\($0.interface)/\($0.peer)"
        }
    }

    /// Also reads IPv4-mapped addresses, which ``IPAddress`` refuses as text.
    private static func address(_ text: String) -> IPAddress? {
        guard text.hasPrefix("::ffff:") else { return IPAddress(text) }
        return IPAddress(String(text.dropFirst(7))).map { IPAddress(v6: 0, 0xFFFF_0000_0000 | $0.low) }
    }

    @Test(
        arguments: [
            ("wg0", "10.8.0.2", "wg0/kid"), ("wg1", "10.8.0.2", "wg1/kid"), ("wg0", "::ffff:10.8.0.2", "wg0/kid"),
            ("wg0", "fd42::2", "wg0/kid"), ("wg0", "192.168.50.1", "wg0/branch"),
            ("wg0", "192.168.50.200", "wg0/inner"),
            ("wg0", "192.168.1.1", "wg0/branch"), ("wg0", "10.8.0.4", nil), ("wg2", "10.8.0.2", nil),
            ("wg1", "fd42::2", nil), ("wg0", "::ffff:10.8.0.4", nil),
        ] as [(String, String, String?)])
    func theLongestPrefixOfTheInterfaceTellsWhoAsks(interface: String, address: String, expected: String?) throws {
        #expect(try client(interface, address) == expected)
    }

    private func question(_ policy: Policy, _ name: String, time: Timestamp = PolicyTable.now) throws -> PolicyQuestion
    {
        PolicyQuestion(
            client: try #require(policy.clients(named: "wg0/kid").first), name: try DomainName(text: name), type: .a,
            time: time)
    }

    @Test func aPauseLiftsBlocksUntilItsEndAndKeepsRewrites() throws {
        let policy = try PolicyTable(
            """
            rule ||blocked.example^
            rule ||nas.example^$dnsrewrite=10.8.0.1
            list ads domains
            | ads.example
            """
        ).policy
        let now = PolicyTable.now
        var pause = FilteringPause()
        pause.everybody = now.advanced(bySeconds: 60)
        for name in ["blocked.example", "ads.example"] {
            let paused = policy.decide(try question(policy, name), pause: pause)
            #expect(paused.action == .allow)
            #expect(paused.reason == .paused(until: now.advanced(bySeconds: 60)))
            let after = try question(policy, name, time: now.advanced(bySeconds: 60))
            #expect(policy.decide(after, pause: pause).action == .block)
        }
        #expect(policy.decide(try question(policy, "nas.example"), pause: pause).rule?.source.line == 2)
        #expect(policy.decide(try question(policy, "other.example"), pause: pause).action == .allow)

        var own = FilteringPause()
        own.peers = ["wg0/kid": now.advanced(bySeconds: 10)]
        #expect(policy.decide(try question(policy, "ads.example"), pause: own).action == .allow)
        own.peers = ["wg1/kid": now.advanced(bySeconds: 10)]
        #expect(policy.decide(try question(policy, "ads.example"), pause: own).action == .block)
    }

    @Test func anExpiredRuleIsSilent() throws {
        var rules = OwnRules()
        var rule = DNSRule(action: .block, domain: "example.org", location: Self.place("dns/rules.yaml", 3))
        rule.expiresAt = PolicyTable.now
        try rules.add(rule)
        let peer = PolicyPeer(
            interface: "wg0", name: "kid", allowedIPs: [try #require(Prefix("10.8.0.2/32"))], isFiltered: true,
            blocklists: nil)
        let policy = try Policy(peers: [peer], rules: rules, lists: [], key: PolicyTable.key, isBlocking: true)
        let before = try question(policy, "example.org", time: PolicyTable.now.advanced(bySeconds: -1))
        #expect(
            policy.decide(before, pause: FilteringPause()).description == "block by dns/rules.yaml:3: block example.org"
        )
        #expect(
            policy.decide(try question(policy, "example.org"), pause: FilteringPause()).description == "allow: no rule")
    }

    @Test func namesAndAddressesOfTheAnswer() throws {
        let policy = try PolicyTable(
            """
            list ads adblock
            | ||tracker.example^
            | ||1.2.3.4^
            | ||2001:db8::1^
            | ||only6.example^$dnstype=AAAA
            | ||rewritten.example^$dnsrewrite=10.0.0.1
            | ||ok.tracker.example^
            | @@||ok.tracker.example^
            """
        ).policy
        let asked = try question(policy, "shop.example")
        func inspect(_ name: String, _ type: RecordType) throws -> String? {
            let found = policy.inspect(try DomainName(text: name), type: type, in: asked, pause: FilteringPause())
            if let found { #expect(found.action == .block) }
            return found.map { "\($0.reason), \($0.rule?.source.description ?? "")" }
        }
        #expect(try inspect("x.tracker.example", .cname) == "the answer names x.tracker.example, ads:1")
        #expect(try inspect("1.2.3.4", .a) == "the answer names 1.2.3.4, ads:2")
        #expect(try inspect("1.2.3.5", .a) == nil)
        #expect(try inspect("2001:db8::1", .aaaa) == "the answer names 2001:db8::1, ads:3")
        #expect(try inspect("only6.example", .a) == nil)
        #expect(try inspect("only6.example", .aaaa) != nil)
        #expect(try inspect("rewritten.example", .cname) == nil)
        #expect(try inspect("ok.tracker.example", .cname) == nil)
    }

    @Test func blockingOffKeepsRewrites() throws {
        var rules = OwnRules()
        try rules.add(DNSFilterLine(text: "||a.example^", location: Self.place("r", 1)))
        try rules.add(DNSFilterLine(text: "||b.example^$dnsrewrite=NXDOMAIN", location: Self.place("r", 2)))
        let peer = PolicyPeer(
            interface: "wg0", name: "kid", allowedIPs: [try #require(Prefix("10.8.0.2/32"))], isFiltered: true,
            blocklists: nil)
        let policy = try Policy(peers: [peer], rules: rules, lists: [], key: PolicyTable.key, isBlocking: false)
        #expect(
            policy.decide(try question(policy, "a.example"), pause: FilteringPause()).description
                == "allow: this peer is not filtered")
        #expect(
            policy.decide(try question(policy, "b.example"), pause: FilteringPause()).description
                == "rewrite NXDOMAIN by r:2: ||b.example^$dnsrewrite=NXDOMAIN")
    }
}
