import DNSPolicy
import Foundation
import Model
import Testing

/// The same published list in several formats must decide as its publisher meant it.
@Suite struct PublishedListTests {
    /// The lines of a published list; those of a small list of our own where the large ones are not at hand.
    private static func lines(_ name: String, otherwise: [String]) throws -> [String] {
        guard let text = try PublishedLists.text(name) else { return otherwise }
        return String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static let small = (0..<500).map { "host\($0 % 7).site\($0).example" }

    private func policy(_ lines: [String], _ format: Blocklist.Format) throws -> Policy {
        var compiler = ListCompiler(name: format.rawValue, format: format, key: PolicyTable.key)
        for line in lines { try compiler.take("\(line)\n".utf8) }
        let list = try compiler.finish()
        #expect(list.skipped.isEmpty, "\(list.skipped)")
        let peer = PolicyPeer(
            interface: "wg0", name: "kid", allowedIPs: [try #require(Prefix("10.8.0.2/32"))], isFiltered: true,
            blocklists: nil)
        return try Policy(peers: [peer], rules: OwnRules(), lists: [list], key: PolicyTable.key, isBlocking: true)
    }

    private func blocks(_ policy: Policy, _ name: DomainName) throws -> Bool {
        let question = PolicyQuestion(
            client: try #require(policy.clients(named: "kid").first), name: name, type: .a, time: PolicyTable.now)
        return policy.decide(question, pause: FilteringPause()).action == .block
    }

    /// A tenth of the names, unless the full counts are asked for.
    private static let count = ProcessInfo.processInfo.environment["WIREBUDDY_PROVE"] == "1" ? 100_000 : 10_000

    /// Names of a list, names below and above them, and names that are nearly theirs.
    private static func questions(_ names: [String]) -> [String] {
        var random = SplitMix(5)
        return (0..<count).map { number in
            let name = names[Int(random.next() % UInt64(names.count))]
            switch number % 5 {
            case 0: return name
            case 1: return "www.\(name)"
            // A label has no more than 63 octets.
            case 2: return name.prefix { $0 != "." }.count < 63 ? "x\(name)" : name
            case 3: return name.split(separator: ".").dropFirst().joined(separator: ".")
            default: return "\(name).com"
            }
        }
    }

    @Test func adblockAndWildcardDomainsDecideAlike() throws {
        let small = Self.small.map { "||\($0)^" }
        let adblock = try Self.lines("stevenblack.adblock", otherwise: small)
        let names = adblock.filter { $0.hasPrefix("||") }.map { String($0.dropFirst(2).dropLast()) }
        try #require(names.count >= 500)
        let rules = try policy(adblock, .adblock)
        let wildcard = try policy(names, .wildcardDomains)
        var blocked = 0
        for text in Self.questions(names) where !text.isEmpty {
            let name = try DomainName(text: text)
            let byRules = try blocks(rules, name)
            #expect(try blocks(wildcard, name) == byRules, "\(text)")
            if byRules { blocked += 1 }
        }
        // Of five questions two are for the name or below it, and some parents are listed themselves.
        #expect(blocked >= Self.count / 5 * 2)
        #expect(blocked < Self.count / 5 * 4)
        print("adblock and wildcard_domains: \(Self.count) of 100000 names decided alike, \(blocked) blocked")
    }

    @Test func domainsBlockExactlyTheirLines() throws {
        let lines = try Self.lines("stevenblack.domains", otherwise: Self.small).filter { !$0.hasPrefix("#") }
        let exact = try policy(lines, .domains)
        let listed = Set(lines)
        for text in Self.questions(lines) where !text.isEmpty {
            let name = try DomainName(text: text)
            #expect(try blocks(exact, name) == listed.contains(text), "\(text)")
        }
    }
}
