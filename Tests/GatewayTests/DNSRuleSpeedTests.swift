import Gateway
import Manifest
import Model
import Testing

/// Thousands of rules in one file.
@Suite("DNS rules by the thousand", .serialized)
struct DNSRuleSpeedTests {
    private let trees = Trees()
    private static let count = 4000

    @Test("20 rules more, 20 changed and 20 less cost less than reading the file twice for each")
    func sequence() throws {
        let rules = (0..<Self.count).map { "  - action: block\n    domain: host\($0).example.com\n" }
        let text = "# yaml-language-server: $schema=../.schemas/dnsrules.schema.json\nkind: DNSRules\nrules:\n"
        let bytes = Array((text + rules.joined()).utf8)
        let tree = trees.tree(["dns/rules.yaml": String(decoding: bytes, as: UTF8.self)])
        let known = DNSRuleQuery.rules(in: tree)
        let clock = ContinuousClock()
        let reading = (0..<3).map { _ in
            clock.measure { _ = Manifest.parse(path: "dns/rules.yaml", bytes: bytes, dnsSyntax: PlainDNSSyntax()) }
        }.min()
        let once = try #require(reading)
        let creations = try (0..<20).map { number in
            Intent.createDNSRule([
                try FieldEdit(argument: "action=allow", kind: "DNSRule"),
                try FieldEdit(argument: "domain=new\(number).example.com", kind: "DNSRule"),
            ])
        }
        let changes = try (0..<20).map { number in
            Intent.updateDNSRule(
                DNSRuleSelector(known[number * 150]), [try FieldEdit(argument: "comment=changed", kind: "DNSRule")])
        }
        let removals = (0..<20).map { Intent.removeDNSRule(DNSRuleSelector(known[$0 * 150 + 75])) }
        for (what, intents, left) in [
            ("more", creations, Self.count + 20), ("changed", changes, Self.count), ("less", removals, Self.count - 20),
        ] {
            var result = tree
            let time = try clock.measure { result = try Intent.sequence(intents).applied(to: tree).0 }
            print("\(Self.count) rules: read \(once), 20 \(what) \(time)")
            #expect(result.dnsRules.count == left)
            #expect(time < once * 40, "20 rules \(what)")
        }
    }
}
