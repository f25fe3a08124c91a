import DNSPolicy
import Model
import Testing

/// Rules as documents of the repository declare them.
@Suite struct DeclaredRuleTests {
    private func decision(_ rules: [DNSRule], _ name: String, client: String = "kid", type: RecordType = .a) throws
        -> String
    {
        var own = OwnRules()
        for rule in rules { try own.add(rule) }
        let peers = try [("kid", "10.8.0.2/32"), ("dad", "10.8.0.3/32")].map { name, address in
            PolicyPeer(
                interface: "wg0", name: name, allowedIPs: [try #require(Prefix(address))], isFiltered: true,
                blocklists: nil)
        }
        let policy = try Policy(peers: peers, rules: own, lists: [], key: PolicyTable.key, isBlocking: true)
        let question = PolicyQuestion(
            client: try #require(policy.clients(named: client).first), name: try DomainName(text: name), type: type,
            time: PolicyTable.now)
        return policy.decide(question, pause: FilteringPause()).description
    }

    private func rule(
        _ action: DNSRule.Action, _ domain: String, client: String? = nil, answer: String? = nil, line: Int = 1
    ) -> DNSRule {
        var rule = DNSRule(
            action: action, domain: domain, location: Model.SourceLocation(path: "r", line: line, column: 1))
        rule.client = client.flatMap { DNSClient($0) }
        rule.answer = answer.flatMap { DNSAnswer($0) }
        return rule
    }

    @Test(arguments: [
        ("example.org", "example.org", true), ("example.org", "www.example.org", true),
        ("example.org", "anexample.org", false),
        ("=example.org", "example.org", true), ("=example.org", "www.example.org", false),
        ("*.example.org", "www.example.org", true), ("*.example.org", "a.b.example.org", true),
        ("*.example.org", "example.org", false), ("Example.ORG.", "www.example.org", true),
        ("bücher.example", "www.xn--bcher-kva.example", true), ("/^ads[0-9]+\\./", "ads12.example.org", true),
        ("/^ads[0-9]+\\./", "my.ads12.example.org", false),
    ])
    func formsOfDomains(domain: String, name: String, isMeant: Bool) throws {
        let found = try decision([rule(.block, domain)], name)
        #expect(found == (isMeant ? "block by r:1: block \(domain)" : "allow: no rule"))
    }

    @Test func clientsAndAnswers() throws {
        let rules = [
            rule(.block, "example.org"), rule(.allow, "www.example.org", client: "wg0/dad", line: 2),
            rule(.rewrite, "nas.example", answer: "10.8.0.9", line: 3),
            rule(.rewrite, "nas.example", answer: "fd00::9", line: 4),
            rule(.rewrite, "alias.example", client: "10.8.0.2", answer: "nas.example", line: 5),
            rule(.rewrite, "gone.example", answer: "NXDOMAIN", line: 6),
        ]
        #expect(try decision(rules, "www.example.org") == "block by r:1: block example.org")
        #expect(
            try decision(rules, "www.example.org", client: "dad") == "allow by r:2: allow www.example.org for wg0/dad")
        #expect(try decision(rules, "nas.example").hasPrefix("rewrite 10.8.0.9, fd00::9 by r:3"))
        #expect(try decision(rules, "alias.example").hasPrefix("rewrite nas.example by r:5"))
        #expect(try decision(rules, "alias.example", client: "dad") == "allow: no rule")
        #expect(try decision(rules, "gone.example").hasPrefix("rewrite NXDOMAIN by r:6"))
    }

    @Test(arguments: [
        ("a..b", "a..b is not a domain name"), ("/(/", "/(/: missing ): ("), ("/.*/", "would match every name"),
        ("/x", "between two slashes"), ("ads*.example", "a mask is written as a line of an adblock block"),
        (".", "the root of all names can't be meant"), ("/(?<=a)b/", "invalid perl operator"),
    ])
    func faults(domain: String, reason: String) {
        let fault = RuleSyntax().fault(inDomain: domain)
        #expect(fault?.contains(reason) == true, "\(fault ?? "none")")
    }

    @Test func whatIsAcceptedCanBeDecidedWith() {
        #expect(RuleSyntax().fault(inDomain: "*.example.org") == nil)
        #expect(RuleSyntax().fault(inFilterLine: "||example.org^$client=kid") == nil)
        #expect(RuleSyntax().fault(inFilterLine: "! comment") == nil)
        #expect(
            RuleSyntax().fault(inFilterLine: "||example.org^$nope") == "$nope is not known here, so the rule is ignored"
        )
    }
}
