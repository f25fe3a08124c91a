import Model
import Testing

@testable import Reconciler

/// What happens to expiries when civil time is not what it was.
@Suite struct ClockTests {
    static let hour: Int64 = 3600

    /// Forty peers that expire one minute after each other, beginning in an hour.
    func gateway() -> FakeGateway {
        let start = ManualClock().now().advanced(bySeconds: Self.hour)
        let peers = (1...40).map { number in
            Sample.peer(number) { $0.expiresAt = start.advanced(bySeconds: Int64(number) * 60) }
        }
        return FakeGateway(Sample.catalog(peers: peers))
    }

    func count(_ gateway: FakeGateway) -> Int { gateway.host.kernel.link("wg0")?.device?.peers.count ?? 0 }

    @Test func timeThatPassesExpiresAsManyAsAreDue() async throws {
        let gateway = gateway()
        let controller = gateway.start()
        _ = try await controller.pass(.loop)
        gateway.clock.advance(by: .seconds(Self.hour + 30 * 60))
        let report = try await controller.pass(.loop)
        #expect(report.clockRefusal == nil && count(gateway) == 10)
        #expect(gateway.inventory.current.expired.count == 30)
    }

    @Test func aJumpThatWouldExpireManyIsHeldUntilApproved() async throws {
        let gateway = gateway()
        let controller = gateway.start()
        _ = try await controller.pass(.loop)
        gateway.clock.set(gateway.clock.now().advanced(bySeconds: 100 * Self.hour))
        for _ in 0..<3 {
            let report = try await controller.pass(.loop)
            #expect(report.clockRefusal?.rail == "clock-jump" && report.exitCode == .refused)
            #expect(count(gateway) == 40)
            gateway.clock.advance(by: .seconds(30))
        }
        let writes = gateway.inventory.writes.count
        let held = try await controller.pass(.loop)
        #expect(gateway.inventory.writes.count == writes, "told once")
        #expect(held.conditions.contains { $0.kind == .stalled && $0.message.contains("clock jumped") })
        var options = PassOptions.apply
        options.approvals = [try #require(held.clockRefusal).digest]
        #expect(try await controller.pass(options).exitCode == .success)
        #expect(count(gateway) == 0)
    }

    @Test func whileAJumpIsHeldTimeStillExpiresAsItPasses() async throws {
        let gateway = gateway()
        let controller = gateway.start()
        _ = try await controller.pass(.loop)
        gateway.clock.set(gateway.clock.now().advanced(bySeconds: 100 * Self.hour))
        _ = try await controller.pass(.loop)
        gateway.clock.advance(by: .seconds(Self.hour + 60))
        let report = try await controller.pass(.loop)
        #expect(report.clockRefusal != nil && count(gateway) == 39)
    }

    @Test func aJumpAndItsCorrectionExpireNobody() async throws {
        let gateway = gateway()
        let controller = gateway.start()
        _ = try await controller.pass(.loop)
        let before = gateway.clock.now()
        gateway.clock.set(before.advanced(bySeconds: 100 * Self.hour))
        _ = try await controller.pass(.loop)
        gateway.clock.set(before)
        let report = try await controller.pass(.loop)
        #expect(report.clockRefusal == nil && count(gateway) == 40)
    }

    @Test func aSmallJumpIsTakenAsItIs() async throws {
        let gateway = gateway()
        let controller = gateway.start()
        _ = try await controller.pass(.loop)
        gateway.clock.set(gateway.clock.now().advanced(bySeconds: Self.hour + 120))
        let report = try await controller.pass(.loop)
        #expect(report.clockRefusal == nil && count(gateway) == 38)
    }

    @Test func expiriesThatCameDuringADowntimeAreEnforced() async throws {
        let gateway = gateway()
        _ = try await gateway.start().pass(.loop)
        gateway.clock.set(gateway.clock.now().advanced(bySeconds: 100 * Self.hour))
        let report = try await gateway.start().pass(.loop)
        #expect(report.exitCode == .success && count(gateway) == 0)
        gateway.clock.set(gateway.clock.now().advanced(bySeconds: -200 * Self.hour))
        _ = try await gateway.start().pass(.loop)
        #expect(count(gateway) == 0, "a clock set back un-expires nobody, also in a new process")
    }

    @Test func anExtendedExpiryBringsThePeerBack() async throws {
        let gateway = gateway()
        let controller = gateway.start()
        _ = try await controller.pass(.loop)
        gateway.clock.advance(by: .seconds(Self.hour + 60))
        _ = try await controller.pass(.loop)
        #expect(count(gateway) == 39)
        let later = gateway.clock.now().advanced(bySeconds: 10 * Self.hour)
        let peers = (1...40).map { number in Sample.peer(number) { $0.expiresAt = later } }
        gateway.revisions.set(Sample.catalog(peers: peers), id: "r2")
        _ = try await controller.pass(.loop)
        #expect(count(gateway) == 40)
    }
}
