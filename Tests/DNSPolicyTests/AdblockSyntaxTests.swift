import Testing

/// Anchors, masks, regular expressions and modifiers: rule, name, type, client → decision.
@Suite struct AdblockSyntaxTests {
    @Test func aDomainRuleIsForTheNameAndAllBelow() throws {
        try PolicyTable.check(
            """
            list ads adblock
            | ! Title: a comment
            | [Adblock Plus 2.0]
            | # a comment too
            | ## and this
            | ||example.org^
            | ||Caps.Example^
            | ||end.example^|
            | ||bar.example|
            | ||single^
            | ||bücher.example^
            | ||_dmarc.under_score.example^
            example.org              -> block by ads:5
            www.example.org          -> block by ads:5
            a.b.c.d.www.example.org  -> block by ads:5
            example.org.             -> block by ads:5
            EXAMPLE.ORG              -> block by ads:5
            notexample.org           -> allow
            example.org.evil.com     -> allow
            example.organic          -> allow
            org                      -> allow
            example                  -> allow
            caps.example             -> block by ads:6
            x.CAPS.example           -> block by ads:6
            end.example              -> block by ads:7
            x.end.example            -> block by ads:7
            bar.example              -> block by ads:8
            x.bar.example            -> block by ads:8
            foobar.example           -> allow
            single                   -> block by ads:9
            any.single               -> block by ads:9
            singles                  -> allow
            xn--bcher-kva.example    -> block by ads:10
            www.bücher.example       -> block by ads:10
            BÜCHER.example           -> block by ads:10
            bucher.example           -> allow
            _dmarc.under_score.example   -> block by ads:11
            x._dmarc.under_score.example -> block by ads:11
            under_score.example          -> allow
            """)
    }

    @Test func everyTypeOfABlockedNameIsBlocked() throws {
        try PolicyTable.check(
            """
            list ads adblock
            | ||example.org^
            example.org * A      -> block
            example.org * AAAA   -> block
            example.org * HTTPS  -> block
            example.org * SVCB   -> block
            example.org * MX     -> block
            example.org * TXT    -> block
            example.org * TYPE65280 -> block
            """)
    }

    @Test func anchorsAndBareNames() throws {
        try PolicyTable.check(
            """
            list ads adblock
            | bare.example
            | |start.example^
            | |begin.
            | tail.example^
            | end.example|
            | |whole.example|
            | ||prefix.ex
            | .dotted.example
            | dash-
            bare.example          -> block by ads:1
            www.bare.example      -> allow
            bare.example.com      -> allow
            start.example         -> block by ads:2
            www.start.example     -> allow
            start.example.com     -> allow
            begin.anything.com    -> block by ads:3
            www.begin.com         -> allow
            beginning.com         -> allow
            tail.example          -> block by ads:4
            www.tail.example      -> block by ads:4
            xtail.example         -> block by ads:4
            tail.example.com      -> allow
            end.example           -> block by ads:5
            weekend.example       -> block by ads:5
            end.example.com       -> allow
            whole.example         -> block by ads:6
            www.whole.example     -> allow
            prefix.ex             -> block by ads:7
            prefix.example.net    -> block by ads:7
            a.prefix.extra        -> block by ads:7
            theprefix.example     -> allow
            a.dotted.example      -> block by ads:8
            dotted.example        -> allow
            a.dotted.example.com  -> block by ads:8
            xdotted.example       -> allow
            dash-                 -> block by ads:9
            dash-board.example    -> allow
            """)
    }

    @Test func masks() throws {
        try PolicyTable.check(
            """
            list ads adblock
            | ||ad*.example^
            | ||*.below.example^
            | *.loose.example
            | |a*z.example^
            | ban*ner
            | ||cdn*.net^
            | ||open.example*
            | x.y.*
            ad.example            -> block by ads:1
            ads.example           -> block by ads:1
            adx.www.example       -> block by ads:1
            www.ads.example       -> block by ads:1
            bad.example           -> allow
            ads.example.com       -> allow
            a.below.example       -> block by ads:2
            a.b.below.example     -> block by ads:2
            below.example         -> allow
            abelow.example        -> allow
            a.loose.example       -> block by ads:3
            loose.example         -> allow
            a.loose.example.com   -> block by ads:3
            az.example            -> block by ads:4
            abcz.example          -> block by ads:4
            www.az.example        -> allow
            banner.example        -> block by ads:5
            ban-the-ner.example   -> block by ads:5
            www.banxner.org       -> block by ads:5
            bane.example          -> allow
            cdn7.net              -> block by ads:6
            x.cdn.y.net           -> block by ads:6
            open.example          -> block by ads:7
            a.open.example.org    -> block by ads:7
            reopen.example        -> allow
            x.y.z                 -> block by ads:8
            wx.y.z                -> block by ads:8
            x.yz                  -> allow
            """)
    }

    @Test func regularExpressions() throws {
        try PolicyTable.check(
            #"""
            list ads adblock
            | /^ads?[0-9]*\.example\./
            | /(^|\.)track(er|ing)\.example$/
            | /UPPER\.example/
            | /pay$/$important
            | /a/b/$dnstype=A
            | @@/^ads7\./
            | /^[a-z]{8}\.com$/
            ad.example.org            -> block by ads:1
            ads99.example.net         -> block by ads:1
            bads.example.net          -> allow
            ads7.example.net          -> allow by ads:6
            tracker.example           -> block by ads:2
            x.tracking.example        -> block by ads:2
            xtracking.example         -> allow
            tracker.example.com       -> allow
            upper.example             -> block by ads:3
            easy.pay                  -> block by ads:4
            pay.easy                  -> allow
            abcdefgh.com              -> block by ads:7
            abcdefghi.com             -> allow
            """#)
    }

    @Test func exceptionsAndImportance() throws {
        try PolicyTable.check(
            """
            list ads adblock
            | ||example.org^
            | @@||ok.example.org^
            | ||bad.ok.example.org^$important
            | @@||fine.bad.ok.example.org^$important
            | @@|exact.example.org^
            | ||later.example^
            | @@later.example
            | @@||early.example^
            | ||early.example^
            www.example.org               -> block by ads:1
            ok.example.org                -> allow by ads:2
            x.ok.example.org              -> allow by ads:2
            bad.ok.example.org            -> block by ads:3
            x.bad.ok.example.org          -> block by ads:3
            fine.bad.ok.example.org       -> allow by ads:4
            x.fine.bad.ok.example.org     -> allow by ads:4
            exact.example.org             -> allow by ads:5
            x.exact.example.org           -> block by ads:1
            later.example                 -> allow by ads:7
            x.later.example               -> block by ads:6
            early.example                 -> allow by ads:8
            x.early.example               -> allow by ads:8
            """)
    }

    @Test func typesOfRecord() throws {
        try PolicyTable.check(
            """
            list ads adblock
            | ||a.example^$dnstype=A
            | ||two.example^$dnstype=A|AAAA
            | ||not.example^$dnstype=~HTTPS
            | ||none.example^$dnstype=~A|~AAAA
            | ||mixed.example^$dnstype=A|~AAAA
            | ||lower.example^$dnstype=aaaa
            | @@||two.example^$dnstype=AAAA
            a.example * A        -> block by ads:1
            a.example * AAAA     -> allow
            two.example * A      -> block by ads:2
            two.example * AAAA   -> allow by ads:7
            two.example * TXT    -> allow
            not.example * A      -> block by ads:3
            not.example * HTTPS  -> allow
            none.example * A     -> allow
            none.example * AAAA  -> allow
            none.example * MX    -> block by ads:4
            mixed.example * A    -> block by ads:5
            mixed.example * AAAA -> allow
            mixed.example * MX   -> allow
            lower.example * AAAA -> block by ads:6
            lower.example * A    -> allow
            """)
    }

    @Test func denyallowLeavesNamesAlone() throws {
        try PolicyTable.check(
            """
            list ads adblock
            | ||example.org^$denyallow=ok.example.org|also.example.org
            | *$denyallow=com|net,client=kid
            peer wg0/kid 10.8.0.2/32
            peer wg0/dad 10.8.0.3/32
            www.example.org dad     -> block by ads:1
            ok.example.org dad      -> allow
            x.ok.example.org dad    -> allow
            also.example.org dad    -> allow
            notok.example.org dad   -> block by ads:1
            something.io kid        -> block by ads:2
            something.com kid       -> allow
            something.io dad        -> allow
            """)
    }

    @Test func clients() throws {
        try PolicyTable.check(
            #"""
            peer wg0/kid 10.8.0.2/32
            peer wg0/dad 10.8.0.3/32,fd42::3/128
            peer wg1/kid 10.9.0.2/32
            peer wg0/Frank's_box 10.8.0.4/32
            list ads adblock
            | ||name.example^$client=dad
            | ||full.example^$client=wg0/kid
            | ||both.example^$client=kid
            | ||net.example^$client=10.8.0.0/24
            | ||host.example^$client=10.8.0.3
            | ||v6.example^$client=fd42::3
            | ||not.example^$client=~dad
            | ||mix.example^$client=10.8.0.0/24|~dad
            | ||two.example^$client=dad|wg1/kid
            | ||quote.example^$client='Frank\'s_box'
            | ||plain.example^$client=Frank's_box
            name.example dad      -> block by ads:1
            name.example wg0/kid  -> allow
            full.example wg0/kid  -> block by ads:2
            full.example wg1/kid  -> allow
            both.example wg0/kid  -> block by ads:3
            both.example wg1/kid  -> block by ads:3
            both.example dad      -> allow
            net.example dad       -> block by ads:4
            net.example wg1/kid   -> allow
            host.example dad      -> block by ads:5
            host.example wg0/kid  -> allow
            v6.example dad        -> allow
            not.example dad       -> allow
            not.example wg1/kid   -> block by ads:7
            mix.example wg0/kid   -> block by ads:8
            mix.example dad       -> allow
            mix.example wg1/kid   -> allow
            two.example dad       -> block by ads:9
            two.example wg1/kid   -> block by ads:9
            two.example wg0/kid   -> allow
            quote.example Frank's_box -> block by ads:10
            quote.example dad         -> allow
            plain.example Frank's_box -> block by ads:11
            plain.example dad         -> allow
            """#)
    }

    @Test func badfilterWorksAcrossLists() throws {
        try PolicyTable.check(
            """
            list ads adblock
            | ||one.example^
            | ||two.example^$important
            | ||three.example^$dnstype=A|AAAA,important
            | @@||four.example^
            | ||four.example^
            | /five/
            list names wildcard_domains
            | six.example
            list fixes adblock
            | ||one.example^$badfilter
            | ||two.example^$badfilter
            | ||three.example^$important,badfilter,dnstype=AAAA|A
            | @@||four.example^$badfilter
            | /five/$badfilter
            | ||six.example^$badfilter
            peer wg0/kid 10.8.0.2/32
            peer wg0/dad 10.8.0.3/32 lists=ads
            one.example kid    -> allow
            x.one.example kid  -> allow
            one.example dad    -> block by ads:1
            two.example kid    -> block by ads:2
            three.example kid  -> allow
            four.example kid   -> block by ads:5
            four.example dad   -> allow by ads:4
            five.example kid   -> allow
            five.example dad   -> block by ads:6
            six.example kid    -> allow
            """)
    }

    @Test func rewrites() throws {
        try PolicyTable.check(
            """
            list ads adblock
            | ||addr.example^$dnsrewrite=10.0.0.1
            | ||addr.example^$dnsrewrite=fd00::1
            | |cname.example^$dnsrewrite=target.example
            | ||nx.example^$dnsrewrite=NXDOMAIN
            | ||refused.example^$dnsrewrite=REFUSED;;
            | ||long.example^$dnsrewrite=NOERROR;A;10.0.0.2
            | ||long6.example^$dnsrewrite=NOERROR;AAAA;fd00::2
            | ||longc.example^$dnsrewrite=NOERROR;CNAME;other.example
            | ||nodata.example^$dnsrewrite=NOERROR;;
            | ||type.example^$dnsrewrite=10.0.0.3,dnstype=A
            | ||gone.example^$dnsrewrite=10.0.0.4
            | @@||gone.example^$dnsrewrite
            | ||part.example^$dnsrewrite=10.0.0.5
            | ||part.example^$dnsrewrite=10.0.0.6
            | @@||part.example^$dnsrewrite=10.0.0.5
            | ||addr.example^
            | @@||allowed.example^$important
            | ||allowed.example^$dnsrewrite=10.0.0.7
            | ||many.example^$dnsrewrite=10.0.0.8
            | ||many.example^$dnsrewrite=target.example
            | ||worst.example^$dnsrewrite=target.example
            | ||worst.example^$dnsrewrite=REFUSED
            addr.example         -> rewrite 10.0.0.1 by ads:1
            x.addr.example       -> rewrite fd00::1
            cname.example        -> rewrite target.example by ads:3
            x.cname.example      -> allow
            nx.example           -> rewrite NXDOMAIN
            refused.example      -> rewrite REFUSED
            long.example         -> rewrite 10.0.0.2
            long6.example        -> rewrite fd00::2
            longc.example        -> rewrite other.example
            nodata.example       -> rewrite NOERROR
            type.example * A     -> rewrite 10.0.0.3
            type.example * AAAA  -> allow
            gone.example         -> allow
            part.example         -> rewrite 10.0.0.6 by ads:14
            allowed.example      -> rewrite 10.0.0.7 by ads:18
            many.example         -> rewrite target.example by ads:19
            worst.example        -> rewrite REFUSED
            """)
    }

    @Test func hostsLinesAmongRules() throws {
        try PolicyTable.check(
            """
            list ads adblock
            | 0.0.0.0 one.example two.example # both
            | ::1 three.example
            | ||93.184.216.34^
            one.example       -> block by ads:1
            two.example       -> block by ads:1
            x.one.example     -> allow
            three.example     -> block by ads:2
            93.184.216.34     -> block by ads:3
            """)
    }
}
