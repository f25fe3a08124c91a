import Model
import Synchronization
import Testing

@testable import Reconciler

/// What passes write to the history of drift, and when they write nothing.
@Suite struct DriftHistoryTests {
    /// A gateway that was applied.
    private func applied(_ drift: DriftPolicy? = nil) async throws -> (FakeGateway, Controller) {
        let gateway = FakeGateway(
            Sample.catalog(peers: [Sample.peer(1), Sample.peer(2)]) { if let drift { $0.reconcile.drift = drift } })
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        _ = try await controller.pass(.loop)
        #expect(gateway.inventory.drift.isEmpty)
        return (gateway, controller)
    }

    private func lose(_ gateway: FakeGateway) {
        gateway.host.edit { $0.sysctls[.ipv4Forwarding] = "0" }
    }

    @Test func healedDriftIsOneRecordThatCountsOn() async throws {
        let (gateway, controller) = try await applied()
        for round in 1...3 {
            lose(gateway)
            let shown = PassFindings(try await controller.preview(.loop), .drift, digest: gateway.ports.digest)
            _ = try await controller.pass(.loop)
            let record = try #require(gateway.inventory.drift.first)
            #expect(gateway.inventory.drift.count == 1 && record.count == round)
            #expect(shown.findings.map(\.fingerprint).contains(record.fingerprint))
            #expect(record.healing == .loop && record.healedAt == gateway.clock.now() && record.pass == "test")
            #expect(record.object == ObjectID(.sysctl, "net.ipv4.ip_forward"))
            #expect(record.fields == [FieldChange("value", before: "0", after: "1")])
            let writes = gateway.inventory.writes.count
            _ = try await controller.pass(.loop)
            #expect(gateway.inventory.writes.count == writes, "a pass with nothing new writes nothing")
            gateway.clock.advance(by: .seconds(60))
        }
        #expect(gateway.inventory.current.standingDrift.isEmpty)
    }

    @Test func standingDriftIsWrittenDownEveryFiveMinutes() async throws {
        let (gateway, controller) = try await applied(.report)
        lose(gateway)
        _ = try await controller.pass(.loop)
        let first = try #require(gateway.inventory.drift.first)
        #expect(first.healedAt == nil && first.count == 1 && gateway.inventory.current.standingDrift.count == 1)
        let writes = { gateway.inventory.writes.filter { $0.hasPrefix("drift") }.count }
        for _ in 0..<29 {
            gateway.clock.advance(by: .seconds(10))
            _ = try await controller.pass(.loop)
        }
        #expect(writes() == 1)
        gateway.clock.advance(by: .seconds(10))
        _ = try await controller.pass(.loop)
        #expect(writes() == 2)
        let record = try #require(gateway.inventory.drift.first)
        #expect(record.firstSeen == first.firstSeen && record.lastSeen == gateway.clock.now() && record.count == 1)
    }

    @Test func driftThatIsGoneWithoutUsIsSaidToBe() async throws {
        let (gateway, controller) = try await applied(.report)
        lose(gateway)
        _ = try await controller.pass(.loop)
        gateway.clock.advance(by: .seconds(20))
        gateway.host.edit { $0.sysctls[.ipv4Forwarding] = "1" }
        _ = try await controller.pass(.loop)
        let record = try #require(gateway.inventory.drift.first)
        #expect(record.healing == .elsewhere && record.healedAt == gateway.clock.now())
        #expect(gateway.inventory.current.standingDrift.isEmpty)
    }

    @Test func anApplyHealsWhatTheLoopOnlyReports() async throws {
        let (gateway, controller) = try await applied(.report)
        lose(gateway)
        _ = try await controller.pass(.loop)
        _ = try await controller.pass(.apply)
        #expect(gateway.inventory.drift.map(\.healing) == [.apply])
    }

    @Test func aNewRevisionOverDriftEndsItTogetherWithItsChange() async throws {
        let (gateway, controller) = try await applied(.report)
        gateway.host.edit { kernel in kernel.with("wg0") { $0.device?.listenPort = 1 } }
        _ = try await controller.pass(.loop)
        #expect(gateway.inventory.current.standingDrift.count == 1)
        let interface = Sample.interface("wg0", port: 55_555)
        gateway.revisions.set(
            Sample.catalog([interface], peers: [Sample.peer(1), Sample.peer(2)]) { $0.reconcile.drift = .report },
            id: "r2")
        // Another port needs consent.
        var options = PassOptions.loop
        options.approvals = Set(try await controller.preview(.loop).plan.refusals.map(\.digest))
        _ = try await controller.pass(options)
        #expect(gateway.inventory.drift.map(\.healing) == [.loop])
    }

    @Test func whatCannotBeReadIsNotGone() async throws {
        let (gateway, controller) = try await applied(.report)
        lose(gateway)
        _ = try await controller.pass(.loop)
        gateway.host.edit { $0.sysctls[.ipv4Forwarding] = "1" }
        gateway.host.state.withLock { $0.unreadable = [UnreadablePart(.routes, reason: "interrupted")] }
        _ = try await controller.pass(.loop)
        #expect(gateway.inventory.current.standingDrift.count == 1)
        gateway.host.state.withLock { $0.unreadable = [] }
        _ = try await controller.pass(.loop)
        #expect(gateway.inventory.drift.map(\.healing) == [.elsewhere])
    }

    @Test func looksAndRevocationsWriteNothing() async throws {
        let (gateway, controller) = try await applied(.report)
        lose(gateway)
        _ = try await controller.preview(.apply)
        _ = try await controller.pass(PassOptions(trigger: "revoke", scope: .revocations))
        #expect(gateway.inventory.drift.isEmpty)
    }

    @Test func whileSuspendedDriftStands() async throws {
        let (gateway, controller) = try await applied()
        let end = gateway.clock.now().advanced(bySeconds: 600)
        gateway.inventory.edit { $0.suspension = Suspension(reason: "work", until: end) }
        lose(gateway)
        _ = try await controller.pass(.loop)
        #expect(gateway.inventory.drift.map(\.healing) == [nil])
        gateway.clock.advance(by: .seconds(601))
        _ = try await controller.pass(.loop)
        #expect(gateway.inventory.drift.map(\.healing) == [.loop])
    }

    @Test func theWriterIsAClueOrUnknown() async throws {
        let (gateway, controller) = try await applied()
        lose(gateway)
        _ = try await controller.pass(.loop)
        #expect(gateway.inventory.drift.first?.writer == nil)
        for _ in 0...FlapGuard.limit {
            gateway.clock.advance(by: .seconds(10))
            lose(gateway)
            _ = try await controller.pass(.loop)
        }
        // Held by the guard now: the fight itself is the clue.
        gateway.clock.advance(by: .seconds(10))
        lose(gateway)
        _ = try await controller.pass(.loop)
        let writer = try #require(gateway.inventory.drift.first?.writer)
        #expect(writer.evidence.contains("healed more than 5 times") && writer.name.contains("Docker"))
    }

    @Test func aClueOfTheHostIsAskedForNewDriftOnly() async throws {
        struct Clues: WriterClues {
            func writers(of drift: [Change], in observed: ObservedState) -> [ObjectID: LikelyWriter] {
                Dictionary(
                    drift.map { ($0.object, LikelyWriter(name: "ufw", evidence: "its file")) },
                    uniquingKeysWith: { first, _ in first })
            }
        }
        let gateway = FakeGateway(Sample.catalog(peers: [Sample.peer(1)]))
        var ports = gateway.ports
        ports.clues = Clues()
        let controller = Controller(ports)
        _ = try await controller.pass(.apply)
        lose(gateway)
        _ = try await controller.pass(.loop)
        #expect(gateway.inventory.drift.map(\.writer?.description) == ["probably ufw: its file"])
    }

    @Test func aFlushedDeviceDoesNotPushOutEverythingElse() async throws {
        let gateway = FakeGateway(
            Sample.catalog([Sample.interface("wg0", "10.8.0.1/16")], peers: (1...1100).map { Sample.peer($0) }))
        let controller = gateway.start()
        _ = try await controller.pass(.apply)
        gateway.host.edit { kernel in kernel.with("wg0") { $0.device?.peers = [] } }
        _ = try await controller.pass(.loop)
        #expect(gateway.inventory.drift.count == DriftSighting.limit)
    }
}
