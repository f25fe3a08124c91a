import Gateway
import Manifest
import Model
import Testing

@Suite("DNS rules")
struct DNSRuleIntentTests {
    let trees = Trees()
    private static let path = "dns/rules.yaml"
    private static let group = """
        # What the house wants.
        kind: DNSRules
        rules:
          # The worst.
          - {action: block, domain: ads.example.com}   # since May
          - action: rewrite
            domain: nas.example.com
            answer: 10.8.0.7
        adblock: |
          ! from the forum
          ||tracker.example^
          @@||cdn.example^
          ||tracker.example^

        """

    private var tree: ManifestTree { trees.tree([Self.path: Self.group, "peers/phone.yaml": Trees.phone]) }

    private func set(_ fields: String...) throws -> [FieldEdit] {
        try fields.map { try FieldEdit(argument: $0, kind: "DNSRule") }
    }

    private func selector(_ text: String, in tree: ManifestTree) throws -> DNSRuleSelector {
        DNSRuleSelector(try #require(DNSRuleQuery.rules(in: tree).first { $0.text == text }))
    }

    private func refusal(_ intent: Intent, _ tree: ManifestTree) -> String {
        let failure = #expect(throws: GatewayFailure.self) { try intent.run(tree) }
        return failure?.description ?? ""
    }

    @Test("the first rule makes the file, further ones stand behind it")
    func creation() throws {
        let first = try set("action=block", "domain=ad.example.com", "client=phone")
        let bare = trees.tree(["peers/phone.yaml": Trees.phone])
        let (one, outcome) = try Intent.createDNSRule(first).applied(to: bare)
        #expect(
            try one.text(Self.path) == """
                # yaml-language-server: $schema=../.schemas/dnsrules.schema.json
                kind: DNSRules
                rules:
                  - action: block
                    domain: ad.example.com
                    client: phone

                """)
        #expect(outcome.change?.subject == "Add DNS rule: block ad.example.com for phone")
        #expect(outcome.object.kind == "DNSRule" && outcome.object.name == DNSRuleQuery.rules(in: one).first?.id)
        let (two, _) = try Intent.createDNSRule(try set("action=allow", "domain==ok.example.com")).applied(to: one)
        #expect(DNSRuleQuery.rules(in: two).map(\.text) == ["block ad.example.com for phone", "allow =ok.example.com"])
        #expect(try two.text(Self.path)?.hasPrefix(try one.text(Self.path) ?? "-") == true)
        #expect(two.errors == [])
    }

    @Test("a rule is added behind the others of the group, and every other byte stays")
    func addition() throws {
        let next = try Intent.createDNSRule(try set("action=block", "domain=new.example.com")).applied(to: tree).tree
        let text = try #require(try next.text(Self.path))
        let lines = Set(text.split(separator: "\n"))
        #expect(Self.group.split(separator: "\n").allSatisfy(lines.contains))
        #expect(next.dnsRules.map(\.rule.domain) == ["ads.example.com", "nas.example.com", "new.example.com"])
        // A file of lines alone gets the list of rules.
        let lines1 = "kind: DNSRules\nadblock: |\n  ||a.example^\n"
        let mixed = try Intent.createDNSRule(try set("action=block", "domain=b.example")).applied(
            to: trees.tree([Self.path: lines1]))
        #expect(mixed.tree.dnsRules.count == 1 && mixed.tree.dnsFilterLines.count == 1 && mixed.tree.errors == [])
        // One of something else gets a document.
        let other = "kind: Blocklist\nname: ads\nformat: hosts\nurl: https://lists.example.com/a\n"
        let beside = try Intent.createDNSRule(try set("action=block", "domain=b.example")).applied(
            to: trees.tree([Self.path: other]))
        #expect(try beside.tree.text(Self.path)?.hasPrefix(other) == true && beside.tree.errors == [])
    }

    @Test(
        "what does the same is refused, however it is written",
        arguments: [
            ["action=block", "domain=ADS.example.com."],
            ["action=rewrite", "domain=nas.example.com", "answer=10.8.0.7"],
        ])
    func equal(fields: [String]) throws {
        let edits = try fields.map { try FieldEdit(argument: $0, kind: "DNSRule") }
        #expect(refusal(.createDNSRule(edits), tree).contains("exists already: dns/rules.yaml:"))
        let other = try set("action=block", "domain=ads.example.com", "client=phone")
        let next = try Intent.createDNSRule(other).applied(to: tree).tree
        let qualified = try set("action=block", "domain=ads.example.com", "client=wg0/phone")
        #expect(refusal(.createDNSRule(qualified), next).contains("exists already"))
        let change = Intent.updateDNSRule(try selector("block ads.example.com for phone", in: next), try set("client="))
        #expect(refusal(change, next).contains("exists already: dns/rules.yaml:5"))
    }

    @Test("a rule that is changed keeps its id and its comments")
    func update() throws {
        let selector = try selector("block ads.example.com", in: tree)
        let (next, outcome) = try Intent.updateDNSRule(selector, try set("domain==ads.example.com")).applied(to: tree)
        #expect(
            try next.text(Self.path)
                == Self.group.replacing(
                    "domain: ads.example.com}", with: "domain: \"=ads.example.com\", id: \(selector.id)}"))
        #expect(outcome.change?.subject == "Change DNS rule of ads.example.com: domain")
        #expect(outcome.object.name == selector.id && next.errors == [])
        #expect(try DNSRuleSelector(id: selector.id).rule(in: next).text == "block =ads.example.com")
        // What decides nothing does not touch the id.
        let comment = try Intent.updateDNSRule(selector, try set("comment=why")).applied(to: tree).tree
        #expect(try comment.text(Self.path)?.contains("id:") == false && comment.dnsRules[0].rule.comment == "why")
        #expect(try Intent.updateDNSRule(selector, try set("comment=")).run(tree).change == nil)
        // The rule that its id stood for may be made again, under another id.
        let again = try Intent.createDNSRule(try set("action=block", "domain=ads.example.com")).applied(to: next)
        #expect(again.outcome.object.name != selector.id && again.tree.errors == [])
        #expect(Set(DNSRuleQuery.rules(in: again.tree).map(\.id)).count == 5)
    }

    @Test("fields that belong together change together")
    func together() throws {
        let nas = try selector("rewrite nas.example.com to 10.8.0.7", in: tree)
        let next = try Intent.updateDNSRule(nas, try set("action=block", "answer=")).applied(to: tree).tree
        #expect(next.dnsRules[1].rule.action == .block && next.errors == [])
        let failure = #expect(throws: GatewayFailure.self) {
            try Intent.updateDNSRule(nas, try set("action=block")).run(tree)
        }
        guard case .invalidFields(_, _, let fields)? = failure else {
            Issue.record("\(String(describing: failure))")
            return
        }
        #expect(fields.map(\.field) == ["answer"])
    }

    @Test("a line of an adblock block can be removed with its equals, and has no fields")
    func lines() throws {
        let line = try selector("||tracker.example^", in: tree)
        #expect(refusal(.updateDNSRule(line, []), tree).contains("dns/rules.yaml:11 is a line of an adblock block"))
        let (next, outcome) = try Intent.removeDNSRule(line).applied(to: tree)
        #expect(try next.text(Self.path) == Self.group.replacing("  ||tracker.example^\n", with: ""))
        #expect(outcome.change?.subject == "Remove DNS rule: ||tracker.example^")
        let last = try Intent.removeDNSRule(try selector("@@||cdn.example^", in: next)).applied(to: next).tree
        #expect(last.dnsFilterLines == [] && last.errors == [])
        #expect(try last.text(Self.path)?.contains("! from the forum") == true)
    }

    @Test("the last rule takes its document along, and that the file")
    func removal() throws {
        let first = try Intent.removeDNSRule(try selector("block ads.example.com", in: tree)).applied(to: tree).tree
        #expect(first.dnsRules.map(\.rule.domain) == ["nas.example.com"])
        let nas = try selector("rewrite nas.example.com to 10.8.0.7", in: first)
        let second = try Intent.removeDNSRule(nas).applied(to: first).tree
        #expect(try second.text(Self.path)?.contains("rules:") == false && second.errors == [])
        #expect(second.dnsFilterLines.count == 3)
        let alone = trees.tree(["dns/one.yaml": "kind: DNSRule\naction: block\ndomain: a.example\n"])
        let gone = try Intent.removeDNSRule(try selector("block a.example", in: alone)).applied(to: alone)
        #expect(gone.outcome.change?.files == [FileChange(path: "dns/one.yaml", content: nil)])
        let single = trees.tree(["dns/one.yaml": "kind: DNSRules\nadblock: \"||a.example^\"\n"])
        let empty = try Intent.removeDNSRule(try selector("||a.example^", in: single)).applied(to: single)
        #expect(empty.outcome.change?.files == [FileChange(path: "dns/one.yaml", content: nil)])
        #expect(refusal(.removeDNSRule(DNSRuleSelector(id: "x")), tree) == "no DNS rule \"x\"")
    }

    @Test("rules follow a peer that is renamed, and go with one that is removed")
    func peers() throws {
        let rules = """
            kind: DNSRules
            rules:
              - {action: block, domain: a.example, client: phone}
              - {action: block, domain: b.example, client: wg0/phone}
              - {action: block, domain: c.example}

            """
        let tree = trees.tree([Self.path: rules, "peers/phone.yaml": Trees.phone])
        let name = try FieldEdit(argument: "name=mobile", kind: "Peer")
        let renamed = try Intent.updatePeer(PeerSelector("phone"), [name]).applied(to: tree).tree
        #expect(try renamed.text(Self.path) == rules.replacing("phone", with: "mobile"))
        #expect(renamed.errors == [])
        let (gone, outcome) = try Intent.removePeer(PeerSelector("mobile")).applied(to: renamed)
        #expect(gone.dnsRules.map(\.rule.domain) == ["c.example"] && gone.errors == [])
        #expect(outcome.change?.body.contains("DNS rule block a.example for mobile goes with it") == true)
        let all = try Intent.removeInterface("wg0", withPeers: true).applied(to: renamed).tree
        #expect(all.dnsRules.map(\.rule.domain) == ["c.example"])
    }
}
