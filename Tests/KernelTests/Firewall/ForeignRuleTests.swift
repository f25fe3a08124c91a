import Model
import Reconciler
import Testing

@testable import Kernel

/// Our rules in chains of other programs, loaded as `nft` text.
@Suite(.inNamespace, .enabled(if: mayMakeNamespaces, "needs root: network namespaces and nft"), .serialized)
struct ForeignRuleTests {
    private static let docker = ForeignChain(family: "ip", table: "filter", name: "DOCKER-USER")
    private static let forward = ForeignChain(family: "ip", table: "filter", name: "FORWARD")
    private static let input = ForeignChain(family: "ip6", table: "filter", name: "INPUT")

    private static let ruleset = """
        table ip filter {
            chain DOCKER-USER { counter return; }
            chain ufw-before-forward { counter jump ufw-user-forward; }
            chain ufw-user-forward { }
            chain ufw-after-forward { }
            chain FORWARD {
                type filter hook forward priority filter; policy drop;
                counter jump DOCKER-USER
                counter jump ufw-before-forward
                counter jump ufw-after-forward
            }
        }
        table ip6 filter {
            chain ufw6-user-input { }
            chain INPUT { type filter hook input priority filter; policy drop; counter jump ufw6-user-input; }
        }
        table inet mine {
            chain DOCKER-USER { }
            chain other { type filter hook forward priority filter; policy accept; }
        }
        """

    private func load(_ ruleset: String) {
        let result = shell(["nft", "-f", "-"], input: "flush ruleset\n\(ruleset)")
        #expect(result.status == 0, "\(result.output)")
    }

    private func listing() -> String { sh("nft list ruleset") }

    @Test func thePlacesOfEachProgramAreFound() async throws {
        load(Self.ruleset)
        let firewall = try makeFirewall()
        let mine = ForeignChain(family: "inet", table: "mine", name: "DOCKER-USER")
        #expect(
            try await firewall.foreignRuleset().places == [
                ForeignPlace(program: .docker, chain: Self.docker, hook: .forward),
                ForeignPlace(program: .docker, chain: mine, hook: .forward),
                ForeignPlace(program: .ufw, chain: Self.forward, hook: .forward),
                ForeignPlace(program: .ufw, chain: Self.input, hook: .input),
            ])
        load("")
        #expect(try await firewall.foreignRuleset().places == [])
    }

    @Test func everyRuleIsReadBackAsItWasWrittenAndGoesWithoutATrace() async throws {
        load(Self.ruleset)
        let before = listing()
        let firewall = try makeFirewall()
        let matches: [ForeignRule.Match] = [
            .fromInterface, .toInterface, .listenPort(51820), .queries(53, overTCP: false),
            .queries(5353, overTCP: true),
        ]
        let rules = [Self.docker, Self.forward, Self.input].flatMap { chain in
            matches.map { ForeignRule(chain: chain, interface: "wg0", match: $0) }
        }
        try await firewall.change(foreign: rules, remove: [])
        #expect(try await Set(firewall.foreignRuleset().ownRules.map(\.rule)) == Set(rules))
        let after = listing()
        // Again: nothing.
        try await firewall.change(foreign: rules, remove: [])
        #expect(listing() == after)
        try await firewall.change(foreign: [], remove: rules)
        #expect(listing() == before)
        try await firewall.change(foreign: [], remove: rules)
        #expect(listing() == before)
    }

    @Test func theyStandBehindTheAdministratorsRulesAndBeforeTheDefault() async throws {
        load(Self.ruleset)
        let firewall = try makeFirewall()
        let rule = { (chain: ForeignChain) in ForeignRule(chain: chain, interface: "wg0", match: .fromInterface) }
        try await firewall.change(foreign: [rule(Self.docker), rule(Self.forward)], remove: [])
        let lines = { (chain: String) in
            sh("nft list chain ip filter \(chain)").split(separator: "\n").map { line in
                line.split(separator: " ").last.map(String.init) ?? ""
            }
        }
        #expect(lines("DOCKER-USER").dropFirst(2).prefix(2) == ["\"wirebuddy:wg0\"", "return"])
        #expect(
            lines("FORWARD").dropFirst(3).prefix(4) == [
                "DOCKER-USER", "ufw-before-forward", "\"wirebuddy:wg0\"", "ufw-after-forward",
            ])
    }

    @Test func whatBearsOurMarkIsOursAndNothingElse() async throws {
        load(Self.ruleset)
        sh(#"nft add rule ip filter DOCKER-USER iifname wg0 accept comment '"wirebuddy of somebody"'"#)
        sh(#"nft add rule ip filter DOCKER-USER tcp dport 22 drop comment '"wirebuddy:wg0"'"#)
        sh("nft add rule ip filter DOCKER-USER iifname wg0 accept")
        let before = listing()
        let firewall = try makeFirewall()
        let own = try await firewall.foreignRuleset().ownRules.map(\.rule)
        #expect(own.count == 1)
        guard case .other(let text) = own.first?.match else {
            Issue.record("a rule that we don't write")
            return
        }
        #expect(text.contains("drop"))
        try await firewall.change(foreign: [], remove: own)
        let gone = before.split(separator: "\n").filter { !$0.contains("wirebuddy:wg0") }.joined(separator: "\n")
        #expect(listing().split(separator: "\n").joined(separator: "\n") == gone)
    }

    @Test func aChainThatIsGoneIsWorthAnotherLook() async throws {
        load("table ip filter { chain other { }; }")
        let firewall = try makeFirewall()
        let rule = ForeignRule(chain: Self.docker, interface: "wg0", match: .toInterface)
        await #expect(throws: BackendError.self) { try await firewall.change(foreign: [rule], remove: []) }
        try await firewall.change(foreign: [], remove: [rule])
    }
}
