import Model
import Synchronization
import Testing

@testable import Reconciler

/// Whatever happens on the way, the host ends as declared, and then nothing is left to do.
@Suite struct ConvergenceTests {
    static let names = Sample.scenarios.map(\.name)

    func gateway(_ name: String) throws -> FakeGateway {
        let scenario = try #require(Sample.scenarios.first { $0.name == name })
        return FakeGateway(scenario.catalog)
    }

    /// Passes of the loop until nothing is left, with time for backoff in between.
    func settle(_ gateway: FakeGateway, _ controller: Controller, passes: Int = 6) async throws {
        for _ in 0..<passes {
            _ = try await controller.pass(.loop)
            gateway.clock.advance(by: .seconds(61))
        }
    }

    func expectSettled(_ gateway: FakeGateway, _ controller: Controller, _ note: Comment? = nil) async throws {
        let preview = try await controller.preview(.apply)
        #expect(preview.plan.changes.map(\.object) == [], note)
        #expect(preview.exitCode == .success, note)
    }

    @Test(arguments: names) func theSecondPlanIsEmptyAndTheNextPassWritesNothing(_ name: String) async throws {
        let gateway = try gateway(name)
        let controller = gateway.start()
        #expect(try await controller.preview(.apply).exitCode == .changes)
        #expect(gateway.inventory.writes.isEmpty && gateway.host.operationCount == 0)
        let first = try await controller.pass(.apply)
        #expect(first.exitCode == .success, "\(first.outcomes) \(first.remaining) \(first.plan.problems)")
        try await expectSettled(gateway, controller)

        let (operations, writes) = (gateway.host.operationCount, gateway.inventory.writes.count)
        let keys = gateway.secrets.made.withLock { $0 }
        for options in [PassOptions.apply, .loop, .loop] {
            let report = try await controller.pass(options)
            #expect(report.writes == 0 && report.plan.isEmpty)
            gateway.clock.advance(by: .seconds(30))
        }
        #expect(gateway.host.operationCount == operations)
        #expect(Array(gateway.inventory.writes.dropFirst(writes)) == [])
        #expect(gateway.secrets.made.withLock { $0 } == keys)
    }

    @Test(arguments: names) func aNewProcessFindsNothingToDo(_ name: String) async throws {
        let gateway = try gateway(name)
        _ = try await gateway.start().pass(.apply)
        let (operations, writes) = (gateway.host.operationCount, gateway.inventory.writes.count)
        let restarted = gateway.start()
        _ = try await restarted.pass(.loop)
        _ = try await restarted.pass(.loop)
        #expect(gateway.host.operationCount == operations)
        #expect(Array(gateway.inventory.writes.dropFirst(writes)) == [])
    }

    @Test(arguments: names) func everyOperationMayFailOnce(_ name: String) async throws {
        let model = try gateway(name)
        _ = try await model.start().pass(.apply)
        for number in 0..<model.host.operationCount {
            let gateway = try gateway(name)
            gateway.host.state.withLock { state in
                state.failure = { at, _ in at == number ? BackendError(.transient, "busy") : nil }
            }
            let controller = gateway.start()
            let report = try await controller.pass(.apply)
            #expect(report.exitCode != .success, "operation \(number)")
            #expect(report.outcomes.contains { if case .failed = $0 { true } else { false } })
            try await settle(gateway, controller)
            try await expectSettled(gateway, controller, "operation \(number)")
            #expect(gateway.host.kernel.essence == model.host.kernel.essence, "operation \(number)")
        }
    }

    @Test(arguments: names) func aLostOperationIsNoticed(_ name: String) async throws {
        let model = try gateway(name)
        _ = try await model.start().pass(.apply)
        for number in 0..<model.host.operationCount {
            let gateway = try gateway(name)
            gateway.host.state.withLock { $0.lost = { at, _ in at == number } }
            let controller = gateway.start()
            let report = try await controller.pass(.apply)
            if case .configurePeers(_, let operations) = gateway.host.operations[number], operations.allSatisfy(\.wake)
            {
                continue
            }
            #expect(report.exitCode != .success, "operation \(number): \(gateway.host.operations[number])")
            try await settle(gateway, controller)
            try await expectSettled(gateway, controller, "operation \(number)")
        }
    }

    @Test(arguments: names) func aKillAfterAnyOperationLeavesNothingUnowned(_ name: String) async throws {
        let model = try gateway(name)
        _ = try await model.start().pass(.apply)
        for number in 0..<model.host.operationCount {
            let gateway = try gateway(name)
            gateway.host.state.withLock { $0.dieAfter = number }
            _ = try? await gateway.start().pass(.apply)
            #expect(gateway.fate.isDead)
            gateway.fate.revive()
            gateway.host.state.withLock { $0.dieAfter = nil }
            let restarted = gateway.start()
            _ = try await restarted.pass(.loop)
            try await expectSettled(gateway, restarted, "operation \(number)")
            #expect(gateway.host.kernel.essence == model.host.kernel.essence, "operation \(number)")
        }
    }

    @Test(arguments: names) func aKillAfterAnyRecordLeavesNothingUnowned(_ name: String) async throws {
        let model = try gateway(name)
        _ = try await model.start().pass(.apply)
        for number in model.inventory.writes.indices {
            let gateway = try gateway(name)
            gateway.inventory.state.withLock { $0.dieAfter = number }
            _ = try? await gateway.start().pass(.apply)
            #expect(gateway.fate.isDead)
            gateway.fate.revive()
            gateway.inventory.state.withLock { $0.dieAfter = nil }
            let restarted = gateway.start()
            _ = try await restarted.pass(.loop)
            try await expectSettled(gateway, restarted, "write \(number)")
            #expect(gateway.host.kernel.essence == model.host.kernel.essence, "write \(number)")
            #expect(gateway.inventory.current.applied == model.inventory.current.applied, "write \(number)")
        }
    }

    @Test func aKillDuringDownIsFinishedByTheNextDown() async throws {
        let model = try gateway("site behind a peer")
        let controller = model.start()
        _ = try await controller.pass(.apply)
        let applied = model.host.operationCount
        _ = try await controller.pass(.teardown)
        for number in applied..<model.host.operationCount {
            let gateway = try gateway("site behind a peer")
            gateway.host.state.withLock { $0.dieAfter = number }
            let first = gateway.start()
            _ = try await first.pass(.apply)
            _ = try? await first.pass(.teardown)
            #expect(gateway.fate.isDead)
            gateway.fate.revive()
            gateway.host.state.withLock { $0.dieAfter = nil }
            #expect(try await gateway.start().pass(.teardown).exitCode == .success, "operation \(number)")
            #expect(gateway.host.kernel.essence == model.host.kernel.essence, "operation \(number)")
            #expect(gateway.inventory.current.interfaces.isEmpty && gateway.inventory.current.sysctls.isEmpty)
        }
    }

    @Test(arguments: names) func downTakesEverythingAwayAndRestoresParameters(_ name: String) async throws {
        let gateway = try gateway(name)
        let before = gateway.host.kernel.description
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        let report = try await controller.pass(.teardown)
        #expect(report.exitCode == .success, "\(report.outcomes) \(report.remaining)")
        gateway.host.edit { $0.sysctls = $0.sysctls.filter { !$0.key.path.contains("/wg") } }
        #expect(gateway.host.kernel.description == before)
        let left = gateway.inventory.current
        #expect(left.interfaces.isEmpty && left.sysctls.isEmpty && left.firewall == nil)
        // Users, settings and the DNS policy stay in the database.
        let rows: Set<ObjectID.Kind> = [.user, .settings, .dnsSettings, .blocklist, .dnsRule]
        #expect(left.applied.keys.allSatisfy { rows.contains($0.kind) }, "\(left.applied)")
        #expect(!gateway.secrets.keys.withLock { $0 }.isEmpty, "keys stay")
        let again = try await controller.pass(.teardown)
        #expect(again.writes == 0 && again.exitCode == .success)
    }

    @Test(arguments: names) func aRebootIsHealed(_ name: String) async throws {
        let gateway = try gateway(name)
        _ = try await gateway.start().pass(.apply)
        let before = gateway.host.kernel.description
        gateway.host.edit { $0.reboot() }
        let controller = gateway.start()
        let report = try await controller.pass(.loop)
        #expect(report.exitCode == .success, "\(report.outcomes) \(report.plan.problems)")
        #expect(gateway.host.kernel.description == before)
        try await expectSettled(gateway, controller)
    }

    /// Each way of drift that an admin can type.
    static let drifts: [(String, @Sendable (inout SimulatedHost) -> Void)] = [
        ("wg set wg0 peer remove", { $0.with("wg0") { $0.device?.peers.removeFirst() } }),
        ("ip addr del", { $0.with("wg0") { $0.addresses.removeFirst() } }),
        (
            "ip addr add",
            { kernel in
                kernel.with("wg0") { $0.addresses += ["10.99.0.1/24"].compactMap { InterfaceAddress($0) } }
            }
        ),
        ("ip link del wg0", { $0.removeLink("wg0") }),
        ("ip link set wg0 down", { $0.with("wg0") { $0.isUp = false } }),
        ("ip link set wg0 mtu", { $0.with("wg0") { $0.mtu = 1300 } }),
        ("nft delete table", { $0.table = nil }),
        ("nft add rule", { $0.tableEdits += 1 }),
        ("ip route del", { $0.routes = [] }),
        ("sysctl ip_forward=0", { $0.sysctls[.ipv4Forwarding] = "0" }),
        (
            "a foreign peer",
            {
                $0.with("wg0") { $0.device?.peers.append(ObservedPeer(publicKey: Sample.key(77))) }
            }
        ),
        ("wg set listen-port", { $0.with("wg0") { $0.device?.listenPort = 1 } }),
        ("wg set private-key", { $0.with("wg0") { $0.device?.privateKey = SecretKey(words: (7, 7, 7, 7)) } }),
    ]

    @Test(arguments: drifts.map(\.0)) func driftIsReportedAndHealed(_ name: String) async throws {
        let drift = try #require(Self.drifts.first { $0.0 == name }?.1)
        let gateway = try gateway("site behind a peer")
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        let before = gateway.host.kernel.essence
        gateway.host.edit(drift)
        let preview = try await controller.preview(.apply)
        #expect(!preview.plan.changes.isEmpty)
        #expect(preview.plan.changes.allSatisfy { $0.reason == .drift }, "\(preview.plan.changes.map(\.reason))")
        let report = try await controller.pass(.loop)
        #expect(report.outcomes.allSatisfy { $0 == .done }, "\(report.outcomes)")
        #expect(gateway.host.kernel.essence == before)
        #expect(gateway.inventory.events.contains { $0.kind == .healed })
        try await expectSettled(gateway, controller)
    }

    @Test func withDriftReportTheLoopLeavesItAndApplyHealsIt() async throws {
        let gateway = FakeGateway(
            Sample.catalog(peers: [Sample.peer(1), Sample.peer(2)]) { $0.reconcile.drift = .report })
        let controller = gateway.start()
        _ = try await controller.pass(.loop)
        gateway.host.edit { kernel in
            kernel.with("wg0") {
                $0.device?.peers.removeFirst()
                $0.addresses = []
            }
        }
        let operations = gateway.host.operationCount
        let report = try await controller.pass(.loop)
        #expect(gateway.host.operationCount == operations)
        #expect(report.outcomes.count == 2 && report.conditions.contains { $0.kind == .drifted && $0.object == nil })
        let writes = gateway.inventory.writes.count
        _ = try await controller.pass(.loop)
        #expect(gateway.inventory.writes.count == writes, "a drift that stands is told once")
        #expect(try await controller.pass(.apply).exitCode == .success)
        #expect(gateway.host.kernel.link("wg0")?.device?.peers.count == 2)
    }
}

extension SimulatedHost {
    /// The text without what may differ between equal gateways: indices, the order of addresses, the port of a link that
    /// is down, and how our own links treat secondary addresses.
    var essence: String {
        var kernel = self
        for index in kernel.links.indices {
            kernel.links[index].index = 0
            kernel.links[index].addresses.sort()
            if !kernel.links[index].isUp { kernel.links[index].device?.listenPort = 0 }
        }
        kernel.sysctls = kernel.sysctls.filter { !$0.key.path.hasSuffix("/promote_secondaries") }
        kernel.links.sort { $0.name < $1.name }
        return kernel.description
    }
}
