import Model
import Testing

@testable import DNSPolicy

/// Resolvers over HTTPS, blocked for peers whose DNS is enforced.
@Suite struct WellKnownResolverTests {
    @Test func theyAreBlockedForEnforcedPeersOnly() throws {
        try PolicyTable.check(
            """
            peer wg0/kid 10.8.0.2/32 resolvers=blocked
            peer wg0/dad 10.8.0.3/32
            peer wg0/off 10.8.0.4/32 resolvers=blocked unfiltered
            peer wg0/none 10.8.0.5/32 resolvers=blocked lists=
            cloudflare-dns.com kid            -> block by builtin:doh:1
            mozilla.cloudflare-dns.com kid    -> block by builtin:doh:1
            DNS.Google. kid AAAA              -> block
            dns.google kid HTTPS              -> block
            dns.google none                   -> block
            dns.google dad                    -> allow
            dns.google off                    -> allow
            google kid                        -> allow
            www.quad9.net kid                 -> allow
            notdns.google kid                 -> allow
            cloudflare-dns.com.example kid    -> allow
            """)
    }

    @Test func aRuleAllowsOne() throws {
        try PolicyTable.check(
            """
            peer wg0/kid 10.8.0.2/32 resolvers=blocked
            peer wg0/dad 10.8.0.3/32 resolvers=blocked
            rule @@||dns.google^
            rule @@||doh.opendns.com^$client=dad
            rule ||dns.nextdns.io^$dnsrewrite=10.8.0.1
            rule ||odvr.nic.cz^
            rule ||dns.quad9.net^$badfilter
            list ads adblock
            | @@||cloudflare-dns.com^$important
            dns.google kid            -> allow by rules:1
            dns64.dns.google kid      -> allow by rules:1
            doh.opendns.com kid       -> block
            doh.opendns.com dad       -> allow by rules:2
            dns.nextdns.io kid        -> rewrite 10.8.0.1
            odvr.nic.cz kid           -> block by rules:4
            dns.quad9.net kid         -> allow
            cloudflare-dns.com kid    -> block by builtin:doh:1
            """)
    }

    @Test func anExplanationNamesThem() throws {
        let policy = try PolicyTable(
            "peer wg0/kid 10.8.0.2/32 resolvers=blocked\nlist ads domains\n| dns.google\n"
        ).policy
        let client = try #require(policy.clients(named: "kid").first)
        let question = PolicyQuestion(
            client: client, name: try DomainName(text: "dns.google"), type: .a, time: PolicyTable.now)
        let explanation = policy.explain(question, pause: FilteringPause())
        #expect(explanation.decision == policy.decide(question, pause: FilteringPause()))
        #expect(explanation.decision.description.hasPrefix("block by builtin:doh:"))
        #expect(explanation.decision.description.hasSuffix(": ||dns.google^"))
        #expect(explanation.overridden.map(\.source.description) == ["ads:1"])
        var pause = FilteringPause()
        pause.everybody = PolicyTable.now.advanced(bySeconds: 60)
        #expect(policy.decide(question, pause: pause).action == .allow)
        // An alias that leads to one is blocked as well.
        let alias = PolicyQuestion(
            client: client, name: try DomainName(text: "alias.example"), type: .a, time: PolicyTable.now)
        let inspected = policy.inspect(
            try DomainName(text: "dns.google"), type: .cname, in: alias, pause: FilteringPause())
        #expect(inspected?.action == .block)
    }

    @Test func theSettingsAndTheManifestSayForWhom() throws {
        let place = Model.SourceLocation(path: "a.yaml", line: 1, column: 1)
        let catalog = { (rejectDoH: Bool?, dnsEnforce: Bool, filtering: Bool, enforce: Bool) throws -> Policy in
            var interface = Interface(
                name: "wg0", address: [try #require(InterfaceAddress("10.8.0.1/24"))], listenPort: 1, location: place)
            interface.dnsEnforce = dnsEnforce
            var peer = Peer(
                name: "kid", dnsName: "kid", interface: "wg0", ip: [try #require(IPAddress("10.8.0.2"))],
                publicKey: PublicKey(words: (0, 0, 0, 1)), location: place)
            peer.dns.filtering = filtering
            peer.dns.enforce = enforce
            var settings = rejectDoH.map { _ in DNSSettings(location: place) }
            settings?.enforcement.rejectDoH = rejectDoH ?? false
            return try Policy(
                Catalog(interfaces: [interface], peers: [peer], dns: settings), lists: [], key: PolicyTable.key)
        }
        #expect(try catalog(true, true, true, false).peers[0].blocksResolvers)
        #expect(try catalog(true, false, true, true).peers[0].blocksResolvers)
        #expect(try catalog(true, false, false, true).peers[0].blocksResolvers)
        #expect(try !catalog(true, true, false, false).peers[0].blocksResolvers)
        #expect(try !catalog(true, false, true, false).peers[0].blocksResolvers)
        #expect(try !catalog(false, true, true, true).peers[0].blocksResolvers)
        #expect(try !catalog(nil, true, true, true).peers[0].blocksResolvers)
    }

    @Test func everyNameIsOneAndStandsOnce() throws {
        let names = WellKnownResolvers.rules.compactMap(\.pattern.name)
        #expect(names == (try WellKnownResolvers.names.map { try DomainName(text: $0) }))
        for (number, name) in names.enumerated() {
            #expect(!names[..<number].contains { name.isSubdomain(of: $0) || $0.isSubdomain(of: name) }, "\(name)")
        }
    }
}
