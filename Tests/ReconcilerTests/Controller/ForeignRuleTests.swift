import Model
import Synchronization
import Testing

@testable import Reconciler

/// Our rules in chains of other firewall programs, as a part of passes.
@Suite struct ForeignRuleTests {
    static let docker = ForeignPlace(
        program: .docker, chain: ForeignChain(family: "ip", table: "filter", name: "DOCKER-USER"), hook: .forward)
    static let ufw = ForeignPlace(
        program: .ufw, chain: ForeignChain(family: "ip", table: "filter", name: "INPUT"), hook: .input)

    let gateway = FakeGateway(Sample.catalog(peers: [Sample.peer(1)]))

    private func start(_ integrations: Set<FirewallIntegration>) -> Controller {
        var ports = gateway.ports
        ports.integrations = integrations
        return Controller(ports)
    }

    private func rules(_ place: ForeignPlace, _ matches: ForeignRule.Match...) -> Set<ForeignRule> {
        Set(matches.map { ForeignRule(chain: place.chain, interface: "wg0", match: $0) })
    }

    @Test func onlyWhatWasAskedForIsIntegrated() async throws {
        gateway.host.edit { $0.foreignPlaces = [Self.docker, Self.ufw] }
        _ = try await start([]).pass(.apply)
        #expect(gateway.host.kernel.foreignRules == [])
        _ = try await start([.docker]).pass(.apply)
        let forwarding = rules(Self.docker, .fromInterface, .toInterface)
        #expect(gateway.host.kernel.foreignRules == forwarding)
        let report = try await start([.docker, .ufw]).pass(.apply)
        #expect(gateway.host.kernel.foreignRules == forwarding.union(rules(Self.ufw, .listenPort(51820))))
        #expect(report.plan.changes.map(\.object.name) == ["integration ip filter INPUT udp dport 51820"])
        #expect(report.exitCode == .success)
        let again = try await start([.docker, .ufw]).pass(.apply)
        #expect(again.plan.changes.isEmpty && again.writes == 0)
    }

    @Test func whatWasAppliedIsHealedAndKnownAsDrift() async throws {
        gateway.host.edit { $0.foreignPlaces = [Self.docker] }
        let controller = start([.docker])
        _ = try await controller.pass(.apply)
        let applied = gateway.inventory.current.applied.keys.filter { $0.name.hasPrefix("integration ") }
        #expect(applied.count == 2)
        gateway.host.edit { $0.foreignRules = [] }
        let healed = try await controller.pass(.loop)
        #expect(healed.plan.changes.map(\.reason) == [.drift, .drift] && healed.exitCode == .success)
        #expect(gateway.host.kernel.foreignRules.count == 2)
        // The program ends with its chains: nothing is missing.
        gateway.host.edit {
            $0.foreignPlaces = []
            $0.foreignRules = []
        }
        let without = try await controller.pass(.loop)
        #expect(without.plan.changes.isEmpty && without.exitCode == .success)
        #expect(!gateway.inventory.current.applied.keys.contains { $0.name.hasPrefix("integration ") })
        gateway.host.edit { $0.foreignPlaces = [Self.docker] }
        let back = try await controller.pass(.loop)
        #expect(back.plan.changes.map(\.reason) == [.desiredChanged, .desiredChanged])
        #expect(gateway.inventory.current.applied.keys.filter { $0.name.hasPrefix("integration ") }.count == 2)
    }

    @Test func whatIsNoLongerWantedGoes() async throws {
        gateway.host.edit { $0.foreignPlaces = [Self.docker, Self.ufw] }
        _ = try await start([.docker, .ufw]).pass(.apply)
        let report = try await start([.ufw]).pass(.apply)
        #expect(report.plan.changes.map(\.reason) == [.prune, .prune])
        #expect(gateway.host.kernel.foreignRules == rules(Self.ufw, .listenPort(51820)))
        // Something with our mark that was never ours.
        let other = rules(Self.docker, .other("tcp dport 22 drop"))
        gateway.host.edit { $0.foreignRules.formUnion(other) }
        #expect(try await start([.ufw]).pass(.loop).plan.changes.map(\.reason) == [.drift])
        #expect(gateway.host.kernel.foreignRules == rules(Self.ufw, .listenPort(51820)))
        _ = try await start([.ufw]).pass(.teardown)
        #expect(gateway.host.kernel.foreignRules == [])
    }

    @Test func nothingPassesWithoutOurOwnTable() async throws {
        gateway.host.edit { $0.foreignPlaces = [Self.docker] }
        gateway.host.state.withLock { state in
            state.failure = { _, operation in
                if case .replaceFirewall = operation { BackendError(.terminal, "no nftables") } else { nil }
            }
        }
        let report = try await start([.docker]).pass(.apply)
        #expect(report.exitCode != .success)
        #expect(gateway.host.kernel.table == nil && gateway.host.kernel.foreignRules == [])
        gateway.host.state.withLock { $0.failure = nil }
        _ = try await start([.docker]).pass(.apply)
        #expect(gateway.host.kernel.table != nil && gateway.host.kernel.foreignRules.count == 2)
        // And none is left when it goes.
        let down = try await start([.docker]).pass(.teardown)
        let prunes = down.plan.steps.filter { $0.phase == .prunes }.map { step in
            switch step.operation {
            case .changeForeignRules: "rules"
            case .deleteFirewall: "table"
            default: ""
            }
        }
        #expect(prunes.filter { !$0.isEmpty } == ["rules", "table"])
    }

    @Test func nothingIsDoneWhileTheFirewallCannotBeRead() async throws {
        gateway.host.edit { $0.foreignPlaces = [Self.docker] }
        let controller = start([.docker])
        _ = try await controller.pass(.apply)
        gateway.host.edit { $0.foreignRules = [] }
        gateway.host.state.withLock { $0.unreadable = [UnreadablePart(.firewall, reason: "interrupted")] }
        _ = try await controller.pass(.loop)
        #expect(gateway.host.kernel.foreignRules == [])
        #expect(gateway.inventory.current.applied.keys.filter { $0.name.hasPrefix("integration ") }.count == 2)
    }
}
