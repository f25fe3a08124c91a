import Testing

@testable import Model

@Suite("Access decisions")
struct AccessJudgeTests {
    /// Two interfaces; cam has an address of its own in the network behind site, guest and cam are isolated.
    private static func catalog(
        _ access: [AccessRule] = [], input: InputPolicy = .allow, forwards: [Forward?] = [],
        change: (inout [Interface], inout [Peer], inout Settings) -> DNSSettings? = { _, _, _ in nil }
    ) -> Catalog {
        var interfaces = [
            AccessSamples.interface("wg0", "10.8.0.1/24", "fd42::1/64"), AccessSamples.interface("wg1", "10.9.0.1/24"),
        ]
        interfaces[0].input = input
        var peers = [
            AccessSamples.peer("phone", "10.8.0.2", "fd42::2"), AccessSamples.peer("laptop", "10.8.0.3"),
            AccessSamples.peer("guest", "10.8.0.4"), AccessSamples.peer("web", "10.8.0.5", "fd42::5"),
            AccessSamples.peer("site", on: "wg1", "10.9.0.2", routes: ["192.168.50.0/24"]),
            AccessSamples.peer("cam", on: "wg1", "10.9.0.3", routes: ["192.168.50.7/32"]),
        ]
        peers[2].isolated = true
        peers[5].isolated = true
        var settings = Settings()
        let dns = change(&interfaces, &peers, &settings)
        return Catalog(
            interfaces: interfaces, peers: peers, settings: settings, dns: dns, access: access,
            forwards: forwards.compactMap { $0 })
    }

    /// The answers in a line each: where the destinations differ, they stand in front, and notes behind.
    private func told(
        _ from: String, _ to: String, _ service: String, _ catalog: Catalog, now: Int64 = 0
    ) throws -> [String] {
        let judge = AccessJudge(catalog, digest: SampleDigest())
        let question = try AccessQuestion(from: from, to: to, service: service)
        let answers = try judge.answers(to: question, at: Timestamp(seconds: now))
        return answers.map { answer in
            (answers.count > 1 ? "\(answer.destinations.joined(separator: ", ")): " : "") + "\(answer.decision)"
                + answer.notes.map { "; \($0)" }.joined()
        }
    }

    private static let allow = AccessSamples.rule(
        "b-allow", .allow, from: AccessSamples.sources("phone"), to: ["192.168.1.0/24"], "tcp/443", line: 2)
    private static let deny = AccessSamples.rule(
        "c-deny", .deny, from: AccessSamples.sources("@wg0"), to: ["192.168.1.7"], line: 3)
    private static let open = AccessSamples.rule(
        "a-open", .allow, from: AccessSamples.sources("phone"), to: ["10.0.0.0/8"], fallback: .allow, line: 4)

    @Test(
        "the steps in their order, each before those behind it",
        arguments: [
            // No document is about the laptop until deny is there.
            ("laptop 192.168.1.8 tcp/443", "allow: no Access document is about the peer", [allow]),
            ("laptop 192.168.1.8 tcp/443", "allow: no Access document of the peer denies it", [allow, deny]),
            ("laptop 192.168.1.7 tcp/443", "deny: Access c-deny denies it (access.yaml:3)", [allow, deny]),
            // An allowance before a default, and a denial before an allowance.
            ("phone 192.168.1.8 tcp/443", "allow: Access b-allow allows it (access.yaml:2)", [allow, deny]),
            ("phone 192.168.1.7 tcp/443", "deny: Access c-deny denies it (access.yaml:3)", [allow, deny]),
            (
                "phone 192.168.1.8 tcp/444", "deny: Access b-allow denies everything else (access.yaml:2)",
                [allow, deny]
            ),
            (
                "phone 192.168.2.1 tcp/443", "deny: Access b-allow denies everything else (access.yaml:2)",
                [allow, open]
            ),
            ("phone 192.168.2.1 tcp/443", "allow: no Access document of the peer denies it", [open]),
            // Isolation before both, on either side.
            ("phone guest tcp/443", "deny: wg0/guest is isolated", [open]),
            ("guest laptop tcp/443", "deny: wg0/guest is isolated", [deny]),
            ("guest cam icmp", "deny: wg0/guest and wg1/cam are isolated", []),
            ("guest 192.168.1.8 tcp/443", "allow: no Access document of the peer denies it", [deny]),
            // An address belongs to the peer with the longest prefix.
            ("phone 192.168.50.7 tcp/80", "deny: wg1/cam is isolated", []),
            ("phone 192.168.50.8 tcp/80", "allow: no Access document is about the peer", []),
            // Who opens it counts, by his name or any address of his.
            ("192.168.50.7 laptop tcp/80", "deny: wg1/cam is isolated", []),
            ("10.8.0.2 192.168.1.8 tcp/444", "deny: Access b-allow denies everything else (access.yaml:2)", [allow]),
            ("192.168.1.8 phone tcp/22", "allow: Access is about connections that peers open", [allow, deny]),
            ("192.168.1.8 guest tcp/22", "allow: Access is about connections that peers open", []),
            ("203.0.113.5 gateway tcp/22", "allow: Access is about connections that peers open", [allow]),
            // The gateway itself is none of the documents' business.
            ("phone 10.8.0.1 tcp/22", "allow: input of wg0 allows everything", [allow]),
            ("phone 10.9.0.1 tcp/22", "allow: input of wg0 allows everything", [allow]),
            ("guest gateway icmp", "allow: input of wg0 allows everything", []),
        ])
    func steps(_ question: String, _ expected: String, _ rules: [AccessRule]) throws {
        let words = question.split(separator: " ").map(String.init)
        #expect(try told(words[0], words[1], words[2], Self.catalog(rules)) == [expected])
    }

    @Test("of several documents that say the same the first by name is named")
    func names() throws {
        var other = Self.allow
        other.name = "a-other"
        let catalog = Self.catalog([Self.allow, other])
        #expect(
            try told("phone", "192.168.1.1", "tcp/443", catalog) == ["allow: Access a-other allows it (access.yaml:2)"])
        #expect(
            try told("phone", "8.8.8.8", "icmp", catalog)
                == ["deny: Access a-other denies everything else (access.yaml:2)"])
    }

    @Test("what is overridden is told: allowances by isolation and denials, written defaults by other defaults")
    func overridden() throws {
        let all = AccessSamples.rule("z-all", .allow, from: AccessSamples.sources("@wg0"), to: ["0.0.0.0/0"])
        let judge = AccessJudge(Self.catalog([Self.allow, Self.deny, Self.open, all]), digest: SampleDigest())
        func overridden(_ to: String, _ service: String) throws -> [String] {
            try judge.answers(
                to: AccessQuestion(from: "phone", to: to, service: service), at: Timestamp(seconds: 0)
            ).flatMap(\.decision.overridden).map(\.description)
        }
        #expect(try overridden("192.168.1.7", "tcp/443") == ["Access b-allow allows it", "Access z-all allows it"])
        #expect(try overridden("guest", "tcp/443") == ["Access a-open allows it", "Access z-all allows it"])
        #expect(try overridden("192.168.1.8", "tcp/443").isEmpty)
        let without = AccessJudge(Self.catalog([Self.allow, Self.open]), digest: SampleDigest())
        let answer = try without.answers(
            to: AccessQuestion(from: "phone", to: "8.8.8.8", service: "icmp"), at: Timestamp(seconds: 0))
        #expect(answer.flatMap(\.decision.overridden).map(\.description) == ["Access a-open allows everything else"])
    }

    @Test("ports of ranges at their ends, of one protocol; ICMP has none, of either family")
    func ports() throws {
        let rule = AccessSamples.rule(
            "web", .allow, from: AccessSamples.sources("phone"), to: ["192.168.1.0/24", "fd00::/64"],
            "tcp/8000-8100", "tcp/65535", "icmp")
        let catalog = Self.catalog([rule])
        for (service, isAllowed) in [
            ("tcp/7999", false), ("tcp/8000", true), ("tcp/8100", true), ("tcp/8101", false), ("tcp/65534", false),
            ("tcp/65535", true), ("udp/8000", false), ("icmp", true),
        ] {
            for address in ["192.168.1.0", "192.168.1.255", "fd00::", "fd00::ffff:ffff:ffff:ffff"] {
                let answer = try told("phone", address, service, catalog)
                #expect(answer.allSatisfy { $0.hasPrefix(isAllowed ? "allow" : "deny") }, "\(address) \(service)")
            }
            for address in ["192.168.2.0", "192.168.0.255", "fd00:0:0:1::"] {
                #expect(try told("phone", address, service, catalog).allSatisfy { $0.hasPrefix("deny") })
            }
        }
    }

    @Test("a peer as destination is all its addresses, and its answers stand apart where they differ")
    func families() throws {
        let rule = AccessSamples.rule(
            "six", .allow, from: AccessSamples.sources("phone", "laptop"), to: ["fd42::/64"], line: 9)
        let catalog = Self.catalog([rule])
        #expect(
            try told("phone", "web", "tcp/80", catalog) == [
                "10.8.0.5: deny: Access six denies everything else (access.yaml:9)",
                "fd42::5: allow: Access six allows it (access.yaml:9)",
            ])
        // The laptop has no IPv6 address to come from.
        #expect(
            try told("laptop", "web", "tcp/80", catalog)
                == ["deny: Access six denies everything else (access.yaml:9)"])
        let peer = AccessSamples.rule("peer", .allow, from: AccessSamples.sources("phone"), to: ["web"], line: 9)
        #expect(
            try told("phone", "web", "tcp/80", Self.catalog([peer]))
                == ["allow: Access peer allows it (access.yaml:9)"])
        let site = AccessSamples.rule("site", .allow, from: AccessSamples.sources("phone"), to: ["site"], line: 9)
        #expect(
            try told("phone", "192.168.50.9", "tcp/80", Self.catalog([site]))
                == ["allow: Access site allows it (access.yaml:9)"])
    }

    @Test(
        "input decides what ends at the gateway",
        arguments: [
            (InputPolicy.dnsOnly, "udp/53", true), (.dnsOnly, "tcp/53", true), (.dnsOnly, "tcp/54", false),
            (.dnsOnly, "icmp", false), (.services([]), "tcp/22", false), (.services([]), "icmp", false),
            (.services(["tcp/22-23", "icmp"].compactMap(Service.init)), "tcp/22", true),
            (.services(["tcp/22-23", "icmp"].compactMap(Service.init)), "tcp/23", true),
            (.services(["tcp/22-23", "icmp"].compactMap(Service.init)), "tcp/24", false),
            (.services(["tcp/22-23", "icmp"].compactMap(Service.init)), "udp/22", false),
            (.services(["tcp/22-23", "icmp"].compactMap(Service.init)), "icmp", true),
            (.allow, "tcp/1", true),
        ])
    func input(_ policy: InputPolicy, _ service: String, _ isAllowed: Bool) throws {
        let catalog = Self.catalog([Self.allow], input: policy)
        for gateway in ["gateway", "10.8.0.1", "10.9.0.1", "fd42::1"] {
            let answers = try told("phone", gateway, service, catalog)
            #expect(answers.count == 1)
            #expect(answers[0].hasPrefix(isAllowed ? "allow: input of wg0" : "deny: input of wg0"), "\(answers)")
        }
        // That of the peer's own interface, whose address it may be.
        let answer = try told("site", "10.8.0.1", service, catalog)
        #expect(answer == ["allow: input of wg1 allows everything"])
    }

    @Test("queries of a peer whose DNS is enforced end at the forwarder, and nothing goes around it")
    func enforcement() throws {
        let catalog = Self.catalog([Self.allow], input: .services([])) { interfaces, peers, _ in
            interfaces[0].address.removeLast()
            peers[0].dns.enforce = true
            return DNSSettings(location: AccessSamples.place())
        }
        let forwarder = "allow: DNS of the peer goes to the forwarder, 10.8.0.1:53"
        for address in ["8.8.8.8", "10.8.0.1", "gateway", "guest", "192.168.1.7"] {
            #expect(try told("phone", address, "udp/53", catalog).contains { $0.hasSuffix(forwarder) }, "\(address)")
        }
        #expect(
            try told("phone", "fd00::53", "udp/53", catalog) == [
                "deny: DNS of the peer goes to the forwarder or nowhere"
            ])
        #expect(
            try told("phone", "192.168.1.8", "tcp/853", catalog)
                == ["deny: DNS of the peer goes to the forwarder or nowhere"])
        #expect(try told("phone", "8.8.8.8", "icmp", catalog) != [forwarder])
        // The ports are open to the whole interface; elsewhere others ask whom they want.
        #expect(try told("laptop", "10.8.0.1", "tcp/53", catalog) == [forwarder])
        #expect(try told("laptop", "8.8.8.8", "udp/53", catalog) == ["allow: no Access document is about the peer"])
        #expect(try told("site", "10.8.0.1", "udp/53", catalog) == ["allow: input of wg1 allows everything"])
    }

    @Test("a forward leads from outside to its peer, and peers are judged by where it leads")
    func forwards() throws {
        var limited = AccessSamples.forward("limited", "tcp/8443", to: "web", 443)
        limited?.from = ["203.0.113.0/24", "10.8.0.2/32"].compactMap(Prefix.init)
        limited?.interface = "eth0"
        let forwards = [limited, AccessSamples.forward("site", "udp/514", to: "site")]
        let web = AccessSamples.rule(
            "web", .allow, from: AccessSamples.sources("phone"), to: ["10.8.0.5"], "tcp/443", line: 9)
        let catalog = Self.catalog([web], input: .dnsOnly, forwards: forwards)
        let leads = "Forward limited leads to 10.8.0.5:443 of wg0/web, "
        #expect(
            try told("203.0.113.9", "gateway", "tcp/8443", catalog)
                == ["allow: \(leads)Forward limited leads there; Forward limited is for what comes in by eth0"])
        #expect(
            try told("198.51.100.1", "gateway", "tcp/8443", catalog)
                == [
                    "deny: \(leads)Forward limited is not for this source; "
                        + "Forward limited is for what comes in by eth0"
                ])
        #expect(
            try told("203.0.113.9", "gateway", "udp/8443", catalog)
                == ["allow: Access is about connections that peers open"])
        // The phone's IPv6 address is none of those it is for.
        #expect(
            try told("phone", "gateway", "tcp/8443", catalog)
                == [
                    "gateway over IPv4: allow: \(leads)Access web allows it (access.yaml:9)",
                    "gateway over IPv6: deny: Forward limited leads to [fd42::5]:443 of wg0/web, "
                        + "Forward limited is not for this source",
                ])
        // Not at the addresses of the tunnels.
        #expect(try told("phone", "10.8.0.1", "tcp/8443", catalog) == ["deny: input of wg0 allows DNS only"])
        // A peer without an address of the family: the port is the gateway's own.
        #expect(
            try told("phone", "gateway", "udp/514", catalog)
                == [
                    "gateway over IPv4: deny: Forward site leads to 10.9.0.2:514 of wg1/site, "
                        + "Access web denies everything else (access.yaml:9)",
                    "gateway over IPv6: deny: input of wg0 allows DNS only",
                ])
        #expect(
            try told("guest", "gateway", "udp/514", catalog)
                == ["deny: Forward site leads to 10.9.0.2:514 of wg1/site, wg0/guest is isolated"])
    }

    @Test("forwards of one port for several links or sources are told apart")
    func severalForwards() throws {
        var first = AccessSamples.forward("a", "tcp/80", to: "web")
        var second = AccessSamples.forward("b", "tcp/80", to: "laptop")
        first?.from = ["203.0.113.0/24"].compactMap(Prefix.init)
        second?.from = ["198.51.100.0/24"].compactMap(Prefix.init)
        let bySource = Self.catalog(forwards: [first, second])
        #expect(try told("198.51.100.1", "gateway", "tcp/80", bySource).joined().contains("10.8.0.3:80 of wg0/laptop"))
        #expect(try told("192.0.2.1", "gateway", "tcp/80", bySource).joined().hasPrefix("deny: Forward a leads to"))
        first?.from = []
        second?.from = []
        first?.interface = "eth0"
        second?.interface = "eth1"
        let byLink = try told("192.0.2.1", "gateway", "tcp/80", Self.catalog(forwards: [first, second]))
        #expect(byLink.count == 2 && byLink[0].hasSuffix("by eth0") && byLink[1].hasSuffix("by eth1"), "\(byLink)")
    }

    @Test("an address that devices dial is taken for the gateway's")
    func publicAddress() throws {
        let catalog = Self.catalog(forwards: [AccessSamples.forward("web", "tcp/80", to: "web")]) { _, _, settings in
            settings.publicEndpoint = IPAddress("203.0.113.1").map { .address($0) }
            return nil
        }
        let note = "; 203.0.113.1 is taken for the gateway's own, since devices dial it"
        #expect(
            try told("laptop", "203.0.113.1", "tcp/80", catalog) == [
                "allow: Forward web leads to 10.8.0.5:80 of wg0/web, no Access document is about the peer" + note
            ])
        #expect(
            try told("laptop", "203.0.113.1", "tcp/81", catalog) == ["allow: input of wg0 allows everything" + note])
        #expect(
            try told("laptop", "203.0.113.2", "tcp/80", catalog) == ["allow: no Access document is about the peer"])
    }

    @Test("peers that don't connect and addresses that are nobody's are named")
    func notes() throws {
        let catalog = Self.catalog { interfaces, peers, _ in
            peers[0].enabled = false
            peers[1].expiresAt = Timestamp(seconds: 1)
            interfaces[1].enabled = false
            return nil
        }
        let told = try told("phone", "laptop", "icmp", catalog, now: 1).joined()
        #expect(
            told == "allow: no Access document is about the peer; wg0/phone is disabled; "
                + "wg0/laptop expired at 1970-01-01T00:00:01Z")
        #expect(
            try self.told("web", "laptop", "icmp", catalog, now: 0)
                == ["allow: no Access document is about the peer"])
        #expect(
            try self.told("web", "site", "icmp", catalog)
                == ["allow: no Access document is about the peer; interface wg1 is disabled"])
        #expect(
            try self.told("web", "10.8.0.99", "icmp", catalog)
                == ["allow: no Access document is about the peer; no peer of wg0 has 10.8.0.99, so nothing gets there"])
        #expect(
            try self.told("10.8.0.99", "web", "icmp", catalog)
                == [
                    "allow: Access is about connections that peers open; "
                        + "no peer of wg0 has 10.8.0.99, so nothing comes from there"
                ])
    }

    @Test("an address of the internet is no peer's as a source, and that of the way out as a destination")
    func wayOut() throws {
        let catalog = Self.catalog([Self.deny]) { _, peers, _ in
            peers[4].routes += ["0.0.0.0/0"].compactMap(Prefix.init)
            peers[4].isolated = true
            return nil
        }
        #expect(
            try told("203.0.113.9", "gateway", "tcp/80", catalog) == [
                "allow: Access is about connections that peers open; 203.0.113.9 is taken for one outside the tunnels, "
                    + "though wg1/site may send from everywhere"
            ])
        #expect(try told("192.168.50.9", "laptop", "tcp/80", catalog) == ["deny: wg1/site is isolated"])
        #expect(try told("laptop", "203.0.113.9", "tcp/80", catalog) == ["deny: wg1/site is isolated"])
    }

    @Test(
        "questions without an answer",
        arguments: [
            ("nobody web icmp", "no peer is named nobody"), ("web wg1/web icmp", "no peer is named wg1/web"),
            ("laptop fd00::1 icmp", "laptop has no address of the family of fd00::1"),
            ("10.0.0.1 fd00::1 icmp", "10.0.0.1 has no address of the family of fd00::1"),
            ("fd00::1 laptop icmp", "fd00::1 and laptop have no family in common"),
            ("gateway web icmp", "gateway is neither a peer nor an address"),
            ("10.0.0.0/8 web icmp", "10.0.0.0/8 is neither a peer nor an address"),
            ("web 10.0.0.0/8 icmp", "10.0.0.0/8 is neither a peer, nor an address, nor gateway"),
            ("web laptop tcp", "tcp is not a service with one port: tcp/443, udp/53 or icmp"),
            ("web laptop tcp/1-2", "tcp/1-2 is not a service with one port: tcp/443, udp/53 or icmp"),
        ])
    func faults(_ question: String, _ reason: String) throws {
        let words = question.split(separator: " ").map(String.init)
        #expect(throws: AccessQuestion.Fault(reason: reason)) {
            try told(words[0], words[1], words[2], Self.catalog())
        }
    }

    @Test("a name on several interfaces is named with one; a DNS label is a name where nobody has it as a name")
    func ambiguous() throws {
        let catalog = Self.catalog { _, peers, _ in
            peers.append(AccessSamples.peer("web", on: "wg1", "10.9.0.9"))
            peers[1].dnsName = "johns-laptop"
            peers[4].ip = []
            return nil
        }
        #expect(throws: AccessQuestion.Fault(reason: "web is wg0/web and wg1/web: name one of them")) {
            try told("phone", "web", "icmp", catalog)
        }
        #expect(try told("wg1/web", "wg0/web", "icmp", catalog) == ["allow: no Access document is about the peer"])
        #expect(
            throws: AccessQuestion.Fault(
                reason: "site has no address in the tunnel: name one of the networks behind it")
        ) { try told("phone", "site", "icmp", catalog) }
        #expect(try told("site", "laptop", "icmp", catalog) == ["allow: no Access document is about the peer"])
        #expect(try told("johns-laptop", "guest", "icmp", catalog) == ["deny: wg0/guest is isolated"])
    }
}
