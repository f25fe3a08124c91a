import Gateway
import Manifest
import Model
import Testing

@Suite("Blocklists, and the settings of the forwarder")
struct DNSSettingsIntentTests {
    let trees = Trees()
    private static let ads = """
        kind: Blocklist
        name: ads
        url: https://lists.example.com/ads.txt   # the short one
        format: hosts

        """

    private func lists(_ fields: String...) throws -> [FieldEdit] {
        try fields.map { try FieldEdit(argument: $0, kind: "Blocklist") }
    }

    private func refusal(_ intent: Intent, _ tree: ManifestTree) -> String {
        let failure = #expect(throws: GatewayFailure.self) { try intent.run(tree) }
        return failure?.description ?? ""
    }

    @Test("a blocklist gets a file of its own; its source changes at once")
    func blocklists() throws {
        let fields = try lists("url=https://lists.example.com/ads.txt", "format=hosts")
        let (made, outcome) = try Intent.createBlocklist("ads", fields: fields).applied(to: trees.tree())
        #expect(
            try made.text("dns/lists/ads.yaml") == """
                # yaml-language-server: $schema=../../.schemas/blocklist.schema.json
                kind: Blocklist
                name: ads
                url: https://lists.example.com/ads.txt
                format: hosts

                """)
        #expect(outcome.change?.subject == "Add blocklist ads" && made.errors == [])
        #expect(refusal(.createBlocklist("ads", fields: fields), made).contains("exists already: dns/lists/ads.yaml"))
        let tree = trees.tree(["dns/lists/ads.yaml": Self.ads])
        let moved = try Intent.updateBlocklist("ads", try lists("url=", "file=lists/ads.txt")).applied(to: tree)
        #expect(moved.tree.blocklist("ads")?.source == .file("lists/ads.txt") && moved.tree.errors == [])
        #expect(moved.outcome.change?.subject == "Change blocklist ads: url, file")
        let off = try Intent.updateBlocklist("ads", try lists("enabled=false")).applied(to: tree).tree
        #expect(try off.text("dns/lists/ads.yaml") == Self.ads + "enabled: false\n")
        #expect(try Intent.updateBlocklist("ads", try lists("format=hosts")).run(tree).change == nil)
        #expect(refusal(.updateBlocklist("ads", try lists("name=x")), tree).contains("is its identity"))
        #expect(refusal(.updateBlocklist("adz", []), tree) == "no blocklist \"adz\": did you mean ads?")
    }

    @Test("a blocklist that peers name stays")
    func removal() throws {
        let peer = Trees.phone + "dns: {blocklists: [ads]}\n"
        let tree = trees.tree(["dns/lists/ads.yaml": Self.ads, "peers/phone.yaml": peer])
        #expect(refusal(.removeBlocklist("ads"), tree).contains("is named by dns.blocklists of wg0/phone"))
        let free = trees.tree(["dns/lists/ads.yaml": Self.ads])
        let (gone, outcome) = try Intent.removeBlocklist("ads").applied(to: free)
        #expect(gone.blocklists == [] && outcome.change?.subject == "Remove blocklist ads")
    }

    @Test("the settings get a file when something is set, and change in place")
    func settings() throws {
        let tree = trees.tree()
        let upstreams = FieldEdit(["upstreams"], .set(.list([.string("9.9.9.9@853#dns.quad9.net")])))
        let mode = FieldEdit(["blocking", "mode"], .set(.string("nxdomain")))
        let (made, outcome) = try Intent.updateDNSSettings([mode, upstreams]).applied(to: tree)
        #expect(
            try made.text("dns/settings.yaml") == """
                # yaml-language-server: $schema=../.schemas/dnssettings.schema.json
                kind: DNSSettings
                upstreams: [9.9.9.9@853#dns.quad9.net]
                blocking:
                  mode: nxdomain

                """)
        #expect(outcome.change?.subject == "Add DNS settings: upstreams, blocking" && made.errors == [])
        #expect(try Intent.updateDNSSettings([upstreams, mode]).run(made).change == nil)
        #expect(try Intent.updateDNSSettings([FieldEdit(["timeout"], .remove)]).run(tree).change == nil)
        #expect(refusal(.updateDNSSettings([FieldEdit(["upstreams"], .remove)]), made).contains("no upstreams"))
        let off = try Intent.updateDNSSettings([
            FieldEdit(["upstreams"], .remove), FieldEdit(["enabled"], .set(.boolean(false))),
        ]).applied(to: made).tree
        #expect(off.dnsSettings?.enabled == false && off.dnsSettings?.blocking.mode == .nxdomain && off.errors == [])
        let zone = FieldEdit(["conditional", "corp.example"], .set(.list([.string("udp://10.0.0.53:53")])))
        let zoned = try Intent.updateDNSSettings([zone]).applied(to: made)
        #expect(zoned.tree.dnsSettings?.conditional.map(\.name) == ["corp.example"])
        #expect(zoned.outcome.change?.subject == "Change DNS settings: conditional")
        #expect(SettingsQuery.dnsSettings(in: tree).enabled == false)
        let origins = try SettingsQuery.dnsOrigins(in: zoned.tree)
        #expect(
            origins.filter(\.isDeclared).map(\.field) == ["upstreams", "blocking.mode", "conditional.corp.example"])
    }
}
