import DNSPolicy
import Model
import Testing

/// What lines of each format come to, and which are skipped for what reason.
@Suite struct ListLineTests {
    /// What a list of one line is: how many rules it has, or why the line was skipped.
    private func reading(_ line: String, _ format: Blocklist.Format) throws -> String {
        var compiler = ListCompiler(name: "l", format: format, key: PolicyTable.key)
        // Another line keeps the list from being empty.
        try compiler.take("\(line)\n\(format == .hosts ? "0.0.0.0 other.example" : "other.example")\n".utf8)
        let list = try compiler.finish()
        #expect(list.skipped.count < 2)
        if let skipped = list.skipped.first { return "\(skipped.key.rawValue) \(list.count - 1)" }
        return "\(list.count - 1)"
    }

    @Test(arguments: [
        ("0.0.0.0 ads.example", "1"), ("127.0.0.1\tads.example", "1"), ("::1 ads.example", "1"),
        ("  0.0.0.0   a.example  b.example # both", "2"), ("# comment", "0"), ("", "0"), ("   ", "0"),
        ("0.0.0.0 a.example\r", "1"), ("fe80::1%lo0 a.example", "1"), ("10.0.0.1 a.example", "1"),
        ("0.0.0.0 other.example", "0"), ("ads.example", "bad-address 0"), ("999.0.0.1 ads.example", "bad-address 0"),
        ("0.0.0.0", "bad-name 0"), ("0.0.0.0 # nothing", "bad-name 0"), ("127.0.0.1 localhost", "local-name 0"),
        ("::1 ip6-localhost ip6-loopback", "local-name 0"), ("0.0.0.0 0.0.0.0", "local-name 0"),
        ("127.0.0.1 localhost ads.example", "1"), ("0.0.0.0 a..example", "bad-name 0"), ("0.0.0.0 .", "bad-name 0"),
        ("||ads.example^", "bad-address 0"),
    ])
    func hosts(line: String, expected: String) throws { #expect(try reading(line, .hosts) == expected) }

    @Test(arguments: [
        ("ads.example", "1"), ("ADS.example.", "1"), ("ads.example # comment", "1"), ("# c", "0"), ("! c", "0"),
        ("a b", "bad-name 0"), ("*.ads.example", "bad-name 0"), ("10.0.0.1", "bad-name 0"), ("a b.c", "bad-name 0"),
        ("a..b", "bad-name 0"),
        ("bücher.example", "1"), (".", "bad-name 0"),
        ("\(String(repeating: "a", count: 64)).example", "bad-name 0"),
        ("\(String(repeating: "a", count: 63)).example", "1"),
        ("\(String(repeating: "abcdefg.", count: 31))example", "bad-name 0"),
    ])
    func domains(line: String, expected: String) throws { #expect(try reading(line, .domains) == expected) }

    /// In `domains` a `*` is a slip, in `wildcard_domains` it says what the format says anyway.
    @Test func aStarInLists() throws {
        try PolicyTable.check(
            """
            list exact domains
            | one.example
            | *.two.example
            list below wildcard_domains
            | three.example
            | *.four.example
            one.example     -> block by exact:1
            x.one.example   -> allow
            two.example     -> allow
            x.two.example   -> allow
            three.example   -> block by below:1
            x.three.example -> block by below:1
            four.example    -> block by below:2
            x.four.example  -> block by below:2
            """)
    }

    @Test(arguments: [
        ("||ads.example^", "1"), ("||ads.example^$important", "1"), ("! c", "0"), ("!", "0"), ("# c", "0"),
        ("[Adblock Plus 2.0]", "0"), ("##.banner", "cosmetic 0"), ("example.org##.banner", "cosmetic 0"),
        ("example.org#@#.banner", "cosmetic 0"), ("example.org#$#body { }", "cosmetic 0"),
        ("example.org$$script", "cosmetic 0"), ("example.org#%#//scriptlet", "cosmetic 0"),
        ("||example.org/ads/*", "page-address 0"), ("/ads/banner.gif", "page-address 0"), ("/banner", "page-address 0"),
        ("|https://example.org^", "page-address 0"), ("||example.org^*?ad=", "page-address 0"),
        ("||example.org^$third-party", "unknown-modifier 0"), ("||example.org^$ctag=x", "unknown-modifier 0"),
        ("||example.org^$Important", "unknown-modifier 0"), ("||example.org^$", "unknown-modifier 0"),
        ("||example.org^$important,", "unknown-modifier 0"), ("@@||example.org^$document", "unknown-modifier 0"),
        ("||example.org^$important,important", "repeated-modifier 0"),
        ("||example.org^$dnstype=A,dnstype=AAAA", "repeated-modifier 0"),
        ("||example.org^$important=1", "bad-modifier 0"), ("||example.org^$dnstype", "bad-modifier 0"),
        ("||example.org^$dnstype=", "bad-modifier 0"), ("||example.org^$dnstype=A|", "bad-modifier 0"),
        ("||example.org^$dnstype=NOSUCH", "bad-modifier 0"), ("||example.org^$client=", "bad-modifier 0"),
        ("||example.org^$client=~", "bad-modifier 0"), ("||example.org^$denyallow=", "bad-modifier 0"),
        ("||example.org^$client='kid,important", "bad-modifier 0"),
        ("||example.org^$client=dad|\"kid,important", "bad-modifier 0"),
        (#"||example.org^$client=kid\"#, "bad-modifier 0"), (#"||example.org^$client='kid\'"#, "bad-modifier 0"),
        ("||example.org^$denyallow=~a.example.org", "bad-modifier 0"),
        ("||example.org^$denyallow=*.org", "bad-modifier 0"),
        ("||example.org^$dnsrewrite", "bad-modifier 0"), ("||example.org^$dnsrewrite=", "bad-modifier 0"),
        ("||example.org^$dnsrewrite=NOERROR;MX;10 mail", "bad-modifier 0"),
        ("||example.org^$dnsrewrite=NOERROR;A;fd00::1", "bad-modifier 0"),
        ("||example.org^$dnsrewrite=NXDOMAIN;A;1.2.3.4", "bad-modifier 0"),
        ("||example.org^$dnsrewrite=NOERROR;A", "bad-modifier 0"), ("||example.org^$dnsrewrite=a..b", "bad-name 0"),
        ("/(unclosed/", "bad-expression 0"), (#"/(a)\1/"#, "bad-expression 0"), ("/(?=x)/", "bad-expression 0"),
        ("/.*/", "too-wide 0"), ("/.?/", "too-wide 0"), ("//", "page-address 0"), ("*", "too-wide 0"),
        ("||*^", "too-wide 0"),
        ("||", "too-wide 0"), ("|*|", "too-wide 0"), (".", "too-wide 0"), ("@@*", "too-wide 0"), ("^", "too-wide 0"),
        ("*$dnstype=AAAA", "1"), ("*$client=kid", "1"), ("/.*/$client=kid", "1"), ("*$important", "too-wide 0"),
        ("||exa^mple.org^", "matches-nothing 0"), ("exa|mple.org", "matches-nothing 0"),
        ("||exa mple*^", "bad-name 0"), ("||ex(ample*^", "bad-name 0"), ("||a..b^", "1"), ("||bücher.example^", "1"),
        ("||bücher*^", "bad-name 0"), ("0.0.0.0 a.example", "1"), ("127.0.0.1 localhost", "local-name 0"),
        ("\u{200C}||example.org^", "matches-nothing 0"),
    ])
    func adblock(line: String, expected: String) throws { #expect(try reading(line, .adblock) == expected) }

    /// An own rule is refused with a reason somebody can act on.
    @Test(arguments: [
        ("||example.org^$third-party", "$third-party is not known here, so the rule is ignored"),
        ("||example.org^$dnstype=NOPE", "$dnstype: NOPE is not a type of record"),
        (#"/(a)\1/"#, #"/(a)\1/: invalid escape sequence: \1"#),
        ("/a(/", "/a(/: missing ): a("), ("/[\u{7}/", "/[?/: missing ]: [?"), ("*", "* would match every name"),
        ("||a.example^$dnsrewrite=NOERROR;TXT;x", "$dnsrewrite: records of type TXT can't be made here"),
    ])
    func reasons(line: String, reason: String) throws {
        var rules = OwnRules()
        let fault = #expect(throws: LineFault.self) {
            try rules.add(
                DNSFilterLine(text: line, location: Model.SourceLocation(path: "dns/rules.yaml", line: 1, column: 1)))
        }
        #expect(fault?.description == reason)
        #expect(rules == OwnRules())
    }
}
