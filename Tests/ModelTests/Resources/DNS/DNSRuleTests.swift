import Model
import Testing

@Suite struct DNSRuleTests {
    private static let location = SourceLocation(path: "dns/rules.yaml", line: 3, column: 5)

    /// The last 16 bytes that differ from zero, so that equal forms alone have equal digests.
    private struct Fold: Digest {
        func digest(_ bytes: [UInt8]) -> DigestValue {
            var folded = [UInt8](repeating: 0, count: 32)
            for (index, byte) in bytes.enumerated() {
                folded[index % 16] = folded[index % 16] &* 31 &+ byte &+ UInt8(truncatingIfNeeded: index)
            }
            return DigestValue(bytes: folded)
        }
    }

    private static func rule(
        _ action: DNSRule.Action, _ domain: String, client: String? = nil, answer: String? = nil
    ) -> DNSRule {
        var rule = DNSRule(action: action, domain: domain, location: location)
        rule.client = client.flatMap { DNSClient($0) }
        rule.answer = answer.flatMap { DNSAnswer($0) }
        return rule
    }

    @Test func theIDFollowsFromTheFieldsThatDecide() {
        let rules = [
            Self.rule(.block, "ads.example.com"), Self.rule(.allow, "ads.example.com"),
            Self.rule(.block, "example.com"),
            Self.rule(.block, "=ads.example.com"), Self.rule(.block, "ads.example.com", client: "phone"),
            Self.rule(.block, "ads.example.com", client: "wg0/phone"),
            Self.rule(.rewrite, "ads.example.com", answer: "10.8.0.1"),
            Self.rule(.rewrite, "ads.example.com", answer: "NXDOMAIN"), Self.rule(.block, "/Ads/"),
            Self.rule(.block, "/ads/"),
        ]
        let identifiers = rules.map { $0.identifier(digest: Fold()) }
        #expect(Set(identifiers).count == rules.count)
        for identifier in identifiers {
            #expect(identifier.count == 36 && Array(identifier.utf8)[14] == UInt8(ascii: "8"))
        }
        var again = Self.rule(.block, "Ads.Example.COM.")
        again.comment = "why"
        again.expiresAt = Timestamp(seconds: 1)
        again.location = SourceLocation(path: "b.yaml", line: 1, column: 1)
        #expect(again.identifier(digest: Fold()) == identifiers[0])
        again.id = "123e4567-e89b-12d3-a456-426614174000"
        #expect(again.identifier(digest: Fold()) == "123e4567-e89b-12d3-a456-426614174000")
    }

    @Test func aLineKeepsItsIDWhereverItStands() {
        let line = DNSFilterLine(text: "||ads^", location: Self.location)
        let moved = DNSFilterLine(text: "||ads^", location: SourceLocation(path: "b.yaml", line: 9, column: 1))
        #expect(line.identifier(digest: Fold()) == moved.identifier(digest: Fold()))
        let other = DNSFilterLine(text: "@@||ads^", location: Self.location)
        #expect(line.identifier(digest: Fold()) != other.identifier(digest: Fold()))
    }

    @Test(arguments: [
        ("phone", "phone"), ("wg0/John's iPhone", "wg0/John's iPhone"), ("10.8.0.7", "10.8.0.7"),
        ("10.8.0.7/32", "10.8.0.7"), ("10.8.0.0/24", "10.8.0.0/24"), ("FD42:8:0::/64", "fd42:8::/64"),
    ])
    func clientsArePrintedInOneForm(text: String, canonical: String) throws {
        let client = try #require(DNSClient(text))
        #expect(client.description == canonical)
        #expect(DNSClient(canonical) == client)
    }

    @Test(arguments: ["", "/", "wg0/", "/phone", "10.8.0.7/24"])
    func otherClientsAreRefused(text: String) {
        #expect(DNSClient(text) == nil)
    }

    @Test(arguments: [
        ("10.8.0.7", "10.8.0.7"), ("FD42:8:0::7", "fd42:8::7"), ("NAS.example.com.", "nas.example.com"),
        ("NXDOMAIN", "NXDOMAIN"), ("nxdomain", "NXDOMAIN"),
    ])
    func answersArePrintedInOneForm(text: String, canonical: String) throws {
        let answer = try #require(DNSAnswer(text))
        #expect(answer.description == canonical)
        #expect(DNSAnswer(canonical) == answer)
    }

    @Test(arguments: ["", "10.8.0.7/32", "a b", "*.example.com", "10.8.0", "a_b.example.com"])
    func otherAnswersAreRefused(text: String) {
        #expect(DNSAnswer(text) == nil)
    }

    @Test func rulesSayWhatTheyDo() {
        #expect(Self.rule(.block, "a.example", client: "wg0/phone").description == "block a.example for wg0/phone")
        #expect(
            Self.rule(.rewrite, "nas.example", client: "10.8.0.0/24", answer: "10.8.0.7").description
                == "rewrite nas.example to 10.8.0.7 for 10.8.0.0/24")
    }
}
