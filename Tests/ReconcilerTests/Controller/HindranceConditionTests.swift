import Model
import Synchronization
import Testing

@testable import Reconciler

/// What keeps the daemon from observing what the settings want is a condition, and no reason not to be ready.
@Suite struct HindranceConditionTests {
    private let gateway = FakeGateway(DNSProjectionTests.catalog())
    private let hindrances = Texts()

    private final class Texts: Sendable {
        let texts = Mutex<[String]>([])
    }

    private var conditions: [String] {
        gateway.inventory.current.conditions.filter { $0.object == .telemetry }
            .map { "\($0.kind.rawValue): \($0.message)" }
    }

    @Test func theyAreToldWhileTheyStand() async throws {
        var ports = gateway.ports
        ports.hindrances = { [hindrances] in hindrances.texts.withLock { $0 } }
        let controller = Controller(ports)
        _ = try await controller.pass(.apply)
        #expect(conditions == [])
        hindrances.texts.withLock { $0 = ["flows: nobody counts", "country.mmdb: there is no such file"] }
        _ = try await controller.pass(.loop)
        #expect(conditions == ["Waiting: country.mmdb: there is no such file\nflows: nobody counts"])
        #expect(gateway.inventory.current.conditions.first { $0.object == nil }?.holds == true)
        let writes = gateway.inventory.writes.count
        _ = try await controller.pass(.loop)
        #expect(gateway.inventory.writes.count == writes, "what stands is written once")
        hindrances.texts.withLock { $0 = [] }
        _ = try await controller.pass(.loop)
        #expect(conditions == [])
    }
}
