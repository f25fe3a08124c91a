import DNSPolicy
import Model
import Testing

/// Which rule wins: the layer first, then what the rule wants; how specific its name is never matters.
@Suite struct PrecedenceTests {
    /// Rules of both kinds in each pair of layers. `x` stands for the stronger layer's rule, `y` for the weaker's.
    @Test(arguments: [
        ("||n.example^", "block"), ("@@||n.example^", "allow"), ("||n.example^$important", "block"),
        ("@@||n.example^$important", "allow"), ("||n.example^$dnsrewrite=10.0.0.9", "rewrite 10.0.0.9"),
    ])
    func theStrongerLayerWins(rule: String, outcome: String) throws {
        for other in [
            "||www.n.example^", "@@||www.n.example^", "||www.n.example^$important", "@@||www.n.example^$important",
            "||www.n.example^$dnsrewrite=NXDOMAIN",
        ] {
            let personal = rule + (rule.contains("$") ? "," : "$") + "client=kid"
            try PolicyTable.check(
                """
                rule \(other)
                rule \(personal)
                www.n.example -> \(outcome) by rules:2
                """)
            try PolicyTable.check(
                """
                rule \(rule)
                list ads adblock
                | \(other)
                www.n.example -> \(outcome) by rules:1
                """)
            try PolicyTable.check(
                """
                rule \(personal)
                list ads adblock
                | \(other)
                www.n.example -> \(outcome) by rules:1
                """)
        }
    }

    /// The order inside a layer, whichever line comes first.
    @Test func insideALayer() throws {
        let order = [
            ("||n.example^$dnsrewrite=10.0.0.9", "rewrite 10.0.0.9"), ("@@||n.example^$important", "allow"),
            ("||n.example^$important", "block"), ("@@||n.example^", "allow"), ("||n.example^", "block"),
        ]
        for strong in order.indices {
            for weak in (strong + 1)..<order.count {
                for layer in ["rule ", "| "] {
                    let head = layer == "| " ? "list ads adblock\n" : ""
                    let origin = layer == "| " ? "ads" : "rules"
                    try PolicyTable.check(
                        """
                        \(head)\(layer)\(order[strong].0)
                        \(layer)\(order[weak].0)
                        a.n.example -> \(order[strong].1) by \(origin):1
                        """)
                    try PolicyTable.check(
                        """
                        \(head)\(layer)\(order[weak].0)
                        \(layer)\(order[strong].0)
                        a.n.example -> \(order[strong].1) by \(origin):2
                        """)
                }
            }
        }
    }

    @Test func theMoreSpecificNameDoesNotMatter() throws {
        try PolicyTable.check(
            """
            list ads adblock
            | @@||example.org^
            | ||www.example.org^
            | ||org^$important
            www.example.org -> block by ads:3
            rule @@||net^
            list more adblock
            | ||deep.down.example.net^$important
            deep.down.example.net -> allow by rules:1
            """)
    }

    @Test func aRuleForOthersLeavesTheLayerToOthers() throws {
        try PolicyTable.check(
            """
            peer wg0/kid 10.8.0.2/32
            peer wg0/dad 10.8.0.3/32
            rule @@||example.org^$client=dad
            list ads adblock
            | ||example.org^
            example.org kid -> block by ads:1
            example.org dad -> allow by rules:1
            """)
    }

    @Test func addressesAreThePeersLayer() throws {
        try PolicyTable.check(
            """
            peer wg0/kid 10.8.0.2/32
            peer wg0/dad 10.8.1.3/32
            rule ||example.org^$important
            rule @@||example.org^$client=10.8.0.0/24
            example.org kid -> allow by rules:2
            example.org dad -> block by rules:1
            """)
    }

    @Test func listsAreSelectedByPeer() throws {
        try PolicyTable.check(
            """
            peer wg0/all 10.8.0.2/32
            peer wg0/none 10.8.0.3/32 lists=
            peer wg0/some 10.8.0.4/32 lists=malware
            peer wg0/off 10.8.0.5/32 unfiltered
            rule ||own.example^
            rule ||nas.example^$dnsrewrite=10.8.0.1
            list ads domains
            | ads.example
            | both.example
            list malware domains
            | mal.example
            | both.example
            ads.example all   -> block by ads:1
            ads.example none  -> allow
            ads.example some  -> allow
            ads.example off   -> allow
            mal.example all   -> block by malware:1
            mal.example some  -> block by malware:1
            mal.example none  -> allow
            both.example all  -> block by ads:2
            both.example some -> block by malware:2
            own.example all   -> block by rules:1
            own.example none  -> block by rules:1
            own.example off   -> allow
            nas.example *     -> rewrite 10.8.0.1
            """)
    }

    @Test func anExplanationNamesWhatWasOverridden() throws {
        let policy = try PolicyTable(
            """
            peer wg0/kid 10.8.0.2/32
            rule ||example.org^
            rule @@||example.org^$client=kid
            rule ||other.example^
            list ads adblock
            | ||www.example.org^
            | ||org^$important
            """
        ).policy
        let question = PolicyQuestion(
            client: try #require(policy.clients(named: "kid").first), name: try DomainName(text: "www.example.org"),
            type: .a, time: PolicyTable.now)
        let explanation = policy.explain(question, pause: FilteringPause())
        #expect(explanation.decision == policy.decide(question, pause: FilteringPause()))
        #expect(explanation.decision.action == .allow)
        #expect(explanation.decision.reason == .rule(.peerRules))
        #expect(explanation.decision.rule?.source.description == "rules:2")
        #expect(explanation.overridden.map(\.source.description) == ["rules:1", "ads:2", "ads:1"])
        #expect(explanation.overridden.map(\.layer) == [.globalRules, .blocklists, .blocklists])
        #expect(explanation.overridden.map(\.text) == ["||example.org^", "||org^$important", "||www.example.org^"])
    }
}
