import Manifest
import Model
import Testing

@Suite("DNS in the catalog")
struct DNSCatalogTests {
    private static let interface = "kind: Interface\nname: wg0\naddress: 10.8.0.1/24\nlisten_port: 51820\n"

    private func load(_ files: KeyValuePairs<String, String>) -> LoadResult {
        Manifest.load(
            files.map { SourceFile(path: $0.key, bytes: Array($0.value.utf8)) }, now: Timestamp(seconds: 1_780_000_000))
    }

    private func catalog(_ text: String) throws -> Catalog {
        let result = load(["i.yaml": Self.interface, "dns.yaml": text])
        return try #require(result.catalog, "\(result.problems.map { $0.render() })")
    }

    @Test("without a document there is no forwarder")
    func absent() throws {
        let catalog = try #require(load(["i.yaml": Self.interface]).catalog)
        #expect(catalog.dns == nil && catalog.blocklists == [] && catalog.dnsRules == [])
    }

    @Test("a document with nothing but an upstream has the documented defaults")
    func defaults() throws {
        let settings = try #require(try catalog("kind: DNSSettings\nupstreams: 9.9.9.9@853#dns.quad9.net\n").dns)
        #expect(settings.enabled && settings.listen == .interfaces && settings.strategy == .fallback)
        #expect(settings.upstreams.map(\.description) == ["9.9.9.9@853#dns.quad9.net"])
        #expect(settings.timeout == .seconds(2))
        #expect(settings.blocking.enabled && settings.blocking.mode == .nullIP && settings.blocking.ttl == .seconds(10))
        #expect(settings.cache.maxEntries == 100_000 && settings.cache.minTTL == .zero)
        #expect(settings.cache.maxTTL == .seconds(86_400) && settings.cache.serveStale == .zero)
        #expect(settings.cache.prefetch && settings.localZone == "vpn.internal" && settings.conditional == [])
        #expect(settings.rebindProtection)
        #expect(settings.rateLimit.perSecond == 300 && settings.rateLimit.burst == 600)
        #expect(settings.queryLog.level == .full && settings.queryLog.retention == .seconds(30 * 86_400))
        #expect(settings.queryLog.maxSize == 500_000_000)
        #expect(settings.enforcement.rejectDoT && !settings.enforcement.rejectDoH)
        #expect(settings.location == SourceLocation(path: "dns.yaml", line: 1, column: 1))
    }

    @Test("every default of the tables is that of the model")
    func tableDefaults() throws {
        let location = SourceLocation(path: "dns.yaml", line: 1, column: 1)
        let text = JSONValue.object(
            [("kind", .string("DNSSettings"))] + Manifest.json(of: DNSSettings(location: location))
        ).compactBytes()
        let result = load(["i.yaml": Self.interface, "dns.json": String(decoding: text, as: UTF8.self)])
        // Only that nobody is asked is wrong with it.
        #expect(result.problems.filter { $0.severity == .error }.map(\.code) == [.conflictingFields])
        for (name, json) in Schemas.all() where name == "dnssettings.schema.json" {
            for entry in Manifest.json(of: DNSSettings(location: location)) {
                guard entry.1.entries == nil || entry.0 == "conditional" else { continue }
                #expect(json.contains("\"default\": \(entry.1.compactText)"), "\(entry.0)")
            }
        }
    }

    @Test("everything that can be written, in one form when it is shown")
    func everything() throws {
        let text = """
            kind: DNSSettings
            enabled: true
            listen: "127.0.0.1:53, [::1]:5353"
            upstreams: [udp://192.0.2.53:53, "tcp://[2001:db8::53]:53"]
            strategy: fastest
            timeout: 5s
            blocking: {enabled: false, mode: "0.0.0.0, ::1", ttl: 60s}
            cache: {max_entries: 0, min_ttl: 1m, max_ttl: 24h, serve_stale: 1h, prefetch: false}
            local_zone: VPN.Example.
            conditional: {z.example: udp://192.0.2.54:53, Corp.Example: ["udp://10.0.0.53:53", "tcp://10.0.0.53:53"]}
            rebind_protection: false
            rate_limit: {per_second: 10, burst: 20}
            query_log: {level: off, retention: 48h, max_size: 2000MB}
            enforcement: {reject_dot: false, reject_doh: true}

            """
        let settings = try #require(try catalog(text).dns)
        #expect(settings.conditional.map(\.name) == ["corp.example", "z.example"])
        #expect(settings.queryLog.level == .off)
        let shown = JSONValue.object(Manifest.json(of: settings)).compactText
        #expect(
            shown == """
                {"enabled":true,"listen":["127.0.0.1:53","[::1]:5353"],\
                "upstreams":["udp://192.0.2.53:53","tcp://[2001:db8::53]:53"],"strategy":"fastest","timeout":"5s",\
                "blocking":{"enabled":false,"mode":["0.0.0.0","::1"],"ttl":"1m"},\
                "cache":{"max_entries":0,"min_ttl":"1m","max_ttl":"1d","serve_stale":"1h","prefetch":false},\
                "local_zone":"vpn.example","conditional":{"corp.example":["udp://10.0.0.53:53","tcp://10.0.0.53:53"],\
                "z.example":["udp://192.0.2.54:53"]},"rebind_protection":false,\
                "rate_limit":{"per_second":10,"burst":20},\
                "query_log":{"level":"off","retention":"2d","max_size":"2GB"},\
                "enforcement":{"reject_dot":false,"reject_doh":true}}
                """)
    }

    @Test("blocklists are sorted by name, with their source")
    func blocklists() throws {
        let digest = String(repeating: "0A", count: 32)
        let catalog = try catalog(
            "kind: Blocklist\nname: own\nfile: lists/own list.txt\nformat: domains\nenabled: false\n---\n"
                + "kind: Blocklist\nname: ads\nurl: https://lists.example.com:8443/hosts?x=1\nformat: hosts\n"
                + "refresh: 1d\nsha256: \(digest)\n")
        #expect(catalog.blocklists.map(\.name) == ["ads", "own"])
        #expect(catalog.blocklists[0].source == .url("https://lists.example.com:8443/hosts?x=1"))
        #expect(catalog.blocklists[0].sha256?.description == digest.lowercased())
        #expect(catalog.blocklists[0].refresh == .seconds(86_400) && catalog.blocklists[0].enabled)
        #expect(catalog.blocklists[1].source == .file("lists/own list.txt") && !catalog.blocklists[1].enabled)
        #expect(catalog.blocklists[1].refresh == .seconds(7 * 86_400) && catalog.blocklists[1].sha256 == nil)
    }

    @Test("rules come in the order of their files and places, each with its own")
    func order() throws {
        let result = load([
            "i.yaml": Self.interface,
            "dns/rules.yaml":
                "kind: DNSRules\nadblock: |\n  ||a.example^\nrules:\n  - {action: block, domain: one.example}\n"
                + "  -\n    action: allow\n    domain: =two.example\n---\n"
                + "kind: DNSRule\naction: block\ndomain: three.example\n",
            "dns/a.yaml": "kind: DNSRule\naction: rewrite\ndomain: zero.example\nanswer: 10.8.0.7\n",
            "dns/rules/x.yaml": "kind: DNSRules\nrules: []\n",
        ])
        let rules = try #require(result.catalog).dnsRules
        #expect(rules.map(\.domain) == ["zero.example", "one.example", "=two.example", "three.example"])
        #expect(
            rules.map(\.location.description)
                == ["dns/a.yaml:1:1", "dns/rules.yaml:5:5", "dns/rules.yaml:7:5", "dns/rules.yaml:10:1"])
        #expect(rules[0].answer == IPAddress("10.8.0.7").map { .address($0) })
        #expect(result.catalog?.dnsFilterLines.map(\.location.description) == ["dns/rules.yaml:3:3"])
    }

    @Test("what a peer and an interface say about queries")
    func peers() throws {
        let peer =
            "---\nkind: Peer\nname: a\ninterface: wg0\nip: 10.8.0.2\n"
            + "public_key: xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=\n"
        let others =
            "---\nkind: Blocklist\nname: ads\nfile: ads\nformat: hosts\n"
            + "---\nkind: DNSSettings\nupstreams: 9.9.9.9@853#dns.quad9.net\n"
        let choices: [(String, [String]?)] = [
            ("", nil), ("dns: {blocklists: null}\n", nil), ("dns: {blocklists: []}\n", []),
            ("dns: {blocklists: ads}\n", ["ads"]), ("dns: {filtering: false, log: false, enforce: true}\n", nil),
        ]
        for (text, expected) in choices {
            let result = load(["i.yaml": Self.interface + "dns_enforce: true\n" + peer + text + others])
            let catalog = try #require(result.catalog, "\(result.problems.map { $0.render() })")
            #expect(catalog.interfaces[0].dnsEnforce)
            #expect(catalog.peers[0].dns.blocklists == expected, "\(text)")
            #expect(catalog.peers[0].dns.filtering == !text.contains("filtering"))
            #expect(catalog.peers[0].dns.log == !text.contains("log"))
            #expect(catalog.peers[0].dns.enforce == text.contains("enforce"))
            #expect(!result.problems.contains { $0.code == .notEnforced })
        }
    }

    @Test("a device that shall ask public resolvers needs some, once there is a forwarder")
    func fallback() {
        let peer =
            "---\nkind: Peer\nname: a\ninterface: wg0\nip: 10.8.0.2\n"
            + "public_key: xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=\ndns: {filtering: false}\n"
        let forwarder = "---\nkind: DNSSettings\nupstreams: [\"udp://192.0.2.53:53\"]\n"
        let cases = [
            (forwarder, ["11 no-fallback"]), (forwarder + "---\nkind: Settings\n", ["11 no-fallback"]),
            (forwarder + "---\nkind: Settings\ndns_fallback: [9.9.9.9]\n", []),
            (forwarder + "enabled: false\n", []), ("", []),
        ]
        for (text, expected) in cases {
            let problems = load(["i.yaml": Self.interface + peer + text]).problems
            #expect(problems.map { "\($0.line) \($0.code.rawValue)" } == expected, "\(text)")
        }
    }
}

extension JSONValue {
    fileprivate var compactText: String { String(decoding: compactBytes(), as: UTF8.self) }
}
