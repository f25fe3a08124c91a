import Model
import Synchronization
import Testing

@testable import Reconciler

/// Where the DNS forwarder answers is a condition: told by the process that runs it, kept by every other one.
@Suite struct ListenerConditionTests {
    private final class FakeListeners: ForwarderListeners {
        let state = Mutex<[ForwarderListener]>([])
        func listeners() async -> [ForwarderListener] { state.withLock { $0 } }
    }

    private let gateway = FakeGateway(DNSProjectionTests.catalog())
    private let listeners = FakeListeners()

    private func daemon() -> Controller {
        var ports = gateway.ports
        ports.listeners = listeners
        return Controller(ports)
    }

    private var texts: [String] {
        gateway.inventory.current.conditions.filter { $0.object == .dnsListeners }
            .map { "\($0.kind.rawValue): \($0.message)" }
    }

    @Test func aListenerThatWaitsIsSaidAndForgottenOnceItAnswers() async throws {
        let (v4, v6) = ("10.8.0.1:53 on wg0", "[fd42:8::1]:53 on wg0")
        let controller = daemon()
        _ = try await controller.pass(.apply)
        #expect(texts == [])
        let reason = "the address is not there yet"
        listeners.state.withLock {
            $0 = [ForwarderListener(place: v6, waiting: reason), ForwarderListener(place: v4)]
        }
        _ = try await controller.pass(.loop)
        #expect(texts == ["Ready: listening on \(v4)", "Waiting: \(v6): \(reason)"])
        #expect(gateway.inventory.current.conditions.first { $0.object == nil }?.holds == true)

        let writes = gateway.inventory.writes.count
        for _ in 0..<3 { _ = try await controller.pass(.loop) }
        #expect(gateway.inventory.writes.count == writes, "what stands is written once")

        listeners.state.withLock { $0 = [v4, v6].map { ForwarderListener(place: $0) } }
        _ = try await controller.pass(.loop)
        #expect(texts == ["Ready: listening on \(v4), \(v6)"])
        listeners.state.withLock { $0 = [] }
        _ = try await controller.pass(.loop)
        #expect(texts == [])
    }

    @Test func anotherProcessLeavesItAsItIs() async throws {
        listeners.state.withLock { $0 = [ForwarderListener(place: "10.8.0.1:53 on wg0")] }
        _ = try await daemon().pass(.apply)
        let before = gateway.inventory.current.conditions
        #expect(texts.count == 1)
        _ = try await gateway.start().pass(.apply)
        #expect(gateway.inventory.current.conditions == before)
        gateway.revisions.set(DNSProjectionTests.catalog(dns: nil), id: "r2")
        _ = try await gateway.start().pass(.apply)
        #expect(texts == [], "no forwarder is declared any more")
    }

    @Test func downForgetsIt() async throws {
        listeners.state.withLock { $0 = [ForwarderListener(place: "10.8.0.1:53 on wg0")] }
        _ = try await daemon().pass(.apply)
        #expect(texts.count == 1)
        _ = try await gateway.start().pass(.teardown)
        #expect(texts == [])
    }
}
