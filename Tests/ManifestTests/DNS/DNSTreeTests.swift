import Manifest
import Model
import Testing

@Suite("DNS in the tree")
struct DNSTreeTests {
    private static let files = [
        "dns/settings.yaml": "kind: DNSSettings\nupstreams: udp://192.0.2.53:53\n",
        "dns/lists/ads.yaml": "kind: Blocklist\nname: ads\nurl: https://lists.example.com/\nformat: hosts\n",
        "dns/rules.yaml": """
        # ours
        kind: DNSRules
        rules:
          # loud
          - action: block
            domain: ads.example.com   # all of it
            comment: loud
          - {action: allow, domain: =ok.example.com}

        """,
        "dns/one.yaml": "kind: DNSRule\naction: block\ndomain: a.example\nclient: 10.8.0.0/24\n",
    ]

    private static var tree: ManifestTree {
        ManifestTree(files: files.map { Manifest.parse(path: $0.key, bytes: Array($0.value.utf8)) }) { path in
            Array((files[path] ?? "").utf8)
        }
    }

    @Test("objects are found where they stand, and shown")
    func places() {
        let tree = Self.tree
        #expect(tree.place(of: .dnsSettings)?.path == "dns/settings.yaml")
        #expect(tree.place(of: .blocklist("ads"))?.path == "dns/lists/ads.yaml")
        #expect(tree.place(of: .dnsRules(in: "dns/rules.yaml"))?.position.line == 2)
        #expect(tree.dnsSettings?.upstreams.count == 1)
        #expect(tree.blocklist("ads")?.format == .hosts && tree.blocklists.count == 1)
        let rules = tree.dnsRules
        #expect(rules.map(\.rule.domain) == ["a.example", "ads.example.com", "=ok.example.com"])
        #expect(rules.map(\.item) == [nil, 0, 1])
        #expect(tree.place(of: .dnsRule(rules[0].rule)) == rules[0].place)
        #expect(ObjectIdentity.dnsRule(rules[0].rule).description == "DNSRule block a.example for 10.8.0.0/24")
        #expect(ObjectIdentity.dnsSettings.description == "DNSSettings")
        for identity in [ObjectIdentity.dnsSettings, .blocklist("ads"), .dnsRule(rules[0].rule)] {
            #expect(tree.json(of: identity) != nil, "\(identity)")
        }
        #expect(tree.json(of: .blocklist("other")) == nil)
    }

    @Test("a rule of a group is edited in its place, and comments stay")
    func edits() throws {
        var tree = Self.tree
        let rule = try #require(tree.dnsRules.first { $0.rule.domain == "ads.example.com" })
        let bytes = try #require(try tree.bytes(of: rule.place.path))
        let edits: [Edit] = [
            .set(document: rule.place.document, path: rule.editPath + ["domain"], value: .string("=ads.example.com")),
            .set(document: rule.place.document, path: rule.editPath + ["client"], value: .string("wg0/phone")),
            .append(
                document: rule.place.document, path: ["rules"],
                value: .map([EditField("action", .string("block")), EditField("domain", .string("b.example"))])),
            .removeItem(document: rule.place.document, path: ["rules"], index: 1),
        ]
        let after = try ManifestEditor.apply(edits, to: bytes, path: rule.place.path)
        #expect(
            String(decoding: after, as: UTF8.self) == """
                # ours
                kind: DNSRules
                rules:
                  # loud
                  - action: block
                    domain: "=ads.example.com"   # all of it
                    comment: loud
                    client: wg0/phone
                  - action: block
                    domain: b.example

                """)
        tree.replace(path: rule.place.path, bytes: after)
        #expect(tree.dnsRules.map(\.rule.domain) == ["a.example", "=ads.example.com", "b.example"])
    }

    @Test("a file that is written is judged by the syntax of the tree")
    func syntax() {
        var tree = Self.tree
        tree.replace(path: "dns/one.yaml", bytes: Array("kind: DNSRule\naction: block\ndomain: /(?=a)/\n".utf8))
        #expect(tree.file(at: "dns/one.yaml")?.problems.map(\.code) == [.unusableRule])
    }

    @Test("fields of bodies are compared, merged and refused")
    func bodies() throws {
        let shown = JSONValue.object(try #require(Self.tree.json(of: .dnsSettings)))
        let body = try JSONBody(
            Array(
                """
                {"kind": "DNSSettings", "upstreams": "udp://192.0.2.53:53", "timeout": "3s", "blocking": {"ttl": "10s"},
                 "conditional": {"Corp.example": "udp://10.0.0.53:53", "gone.example": null},
                 "query_log": {"max_size": "500 mb"}}
                """.utf8))
        let changes = Manifest.changes(of: body, kind: .dnsSettings, shown: shown)
        #expect(changes.changes.map(\.path) == [["timeout"], ["conditional", "Corp.example"]])
        #expect(changes.faults.map(\.field) == ["query_log.max_size"])
        #expect(changes.faults.first?.message.hasSuffix(": write 500MB") == true)

        let list = JSONValue.object(try #require(Self.tree.json(of: .blocklist("ads"))))
        let update = try JSONBody(Array(#"{"name": "other", "enabled": false, "url": null}"#.utf8))
        let found = Manifest.changes(of: update, kind: .blocklist, shown: list)
        #expect(found.faults.map(\.message) == ["name can't be changed"])
        #expect(found.changes.map(\.path) == [["enabled"], ["url"]])

        let rule = try JSONBody(Array(#"{"action": "block", "answer": "x y"}"#.utf8))
        let refused = Manifest.changes(of: rule, kind: .dnsRule, shown: nil).faults.map(\.field)
        #expect(refused == ["answer", "domain"])
    }
}
