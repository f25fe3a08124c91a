import DNSPolicy
import Glibc
import Logging
import Model
import NIOCore
import NIOPosix
import ServiceLifecycle
import Testing

@testable import DNSForwarder

/// Listeners over time: what they wait for, and what keeps or closes them.
@Suite struct ForwarderListenerTests {
    private func reason(_ forwarder: Forwarder, _ listen: ListenAddress) -> String? {
        guard case .waiting(let reason) = forwarder.listeners.first(where: { $0.listen == listen })?.state else {
            return nil
        }
        return reason
    }

    @Test func whatIsMissingIsWaitedFor() async throws {
        let test = try await TestForwarder(rules: ["||blocked.example^"])
        let absent = ListenAddress(address: try #require(IPAddress("192.0.2.77")), port: test.port, device: "lo")
        let nowhere = ListenAddress(address: try #require(IPAddress("192.0.2.78")), port: test.port, device: "gone0")
        try test.apply { $0.listen.formUnion([absent, nowhere]) }
        #expect(try await eventually { reason(test.forwarder, absent) == "lo has no address 192.0.2.77 yet" })
        #expect(try await eventually { reason(test.forwarder, nowhere) == "there is no interface gone0 yet" })
        // The others serve on.
        let client = try await DatagramClient(test.port)
        #expect(try await client.ask(try query("blocked.example")).id == 7)
        #expect(
            test.forwarder.listeners.filter { $0.state == .listening }.map(\.listen.address.description) == [
                "127.0.0.1"
            ])
        await client.close()
        try await test.stop()
    }

    /// Another program's socket is noticed even if it would share its port, and its place taken when it is gone.
    @Test(arguments: [false, true]) func whatIsTakenIsWaitedFor(_ isShared: Bool) async throws {
        let test = try await TestForwarder()
        let taken = ListenAddress(address: try #require(IPAddress("127.0.0.77")), port: test.port, device: "lo")
        let other = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.socketOption(.init(rawValue: SO_REUSEPORT)), value: isShared ? 1 : 0)
            .bind(host: "127.0.0.77", port: Int(test.port)).get()
        try test.apply { $0.listen.insert(taken) }
        #expect(
            try await eventually {
                reason(test.forwarder, taken)?.hasPrefix("another program answers on port") ?? false
            })
        try await other.close()
        #expect(
            try await eventually {
                test.forwarder.refresh()
                return reason(test.forwarder, taken) == nil
            })
        let client = try await DatagramClient(test.port, to: "127.0.0.77")
        #expect(try await client.ask(try query("www.example.com")).answers.first?.address == .answered)
        await client.close()
        try await test.stop()
    }

    @Test func serverIPv6() async throws {
        let test = try await TestForwarder()
        let listen = ListenAddress(address: IPAddress(v6: 0, 1), port: test.port, device: "lo")
        try test.apply { $0.listen = [listen] }
        #expect(
            try await eventually { test.forwarder.listeners == [ListenerStatus(listen: listen, state: .listening)] })
        let datagrams = try await DatagramClient(test.port, from: "::1", to: "::1")
        #expect(try await datagrams.ask(try query("www.example.com")).answers.first?.address == .answered)
        let stream = try await StreamClient(test.port, from: "::1", to: "::1")
        #expect(try await stream.ask(try query("www.example.com")).answers.first?.address == .answered)
        #expect(test.rows.map(\.client) == ["lo/me", "lo/me"])
        await datagrams.close()
        await stream.close()
        try await test.stop()
    }

    /// Revisions come while queries run: none is lost, and connections of listeners that stay are kept.
    @Test func reconfigurationLosesNothing() async throws {
        let test = try await TestForwarder(rules: ["||blocked.example^"]) {
            [.later(.milliseconds(20), $0.answer())]
        }
        let client = try await DatagramClient(test.port)
        let stream = try await StreamClient(test.port)
        #expect(try await stream.ask(try query("blocked.example")).id == 7)
        let second = ListenAddress(address: try #require(IPAddress("127.0.0.78")), port: test.port, device: "lo")
        for round in 0..<200 {
            try await client.send(
                try query(round % 2 == 0 ? "blocked.example" : "name\(round).example", id: UInt16(round)))
            try test.apply { setup in
                setup.rules.append("||rule\(round).example^")
                if round % 3 == 0 { setup.listen.insert(second) }
            }
        }
        var ids: Set<UInt16> = []
        for _ in 0..<200 { ids.insert(try Message(decoding: try #require(await client.mailbox.next())).id) }
        #expect(ids.count == 200)
        #expect(try await stream.ask(try query("blocked.example")).id == 7)
        #expect(test.forwarder.counters.cacheEntries == 100)
        // Other settings of the cache make another cache.
        try test.apply { $0.settings.cache.maxEntries = 10 }
        #expect(test.forwarder.counters.cacheEntries == 0)
        await client.close()
        await stream.close()
        try await test.stop()
    }

    @Test func noConfigurationServesNobody() async throws {
        let test = try await TestForwarder()
        let stream = try await StreamClient(test.port)
        #expect(try await stream.ask(try query("www.example.com")).id == 7)
        test.forwarder.apply(nil)
        #expect(try await eventually { stream.mailbox.isClosed })
        #expect(test.forwarder.listeners.isEmpty)
        try test.apply { _ in }
        #expect(try await eventually { test.forwarder.listeners.map(\.state) == [.listening] })
        await stream.close()
        try await test.stop()
    }

    /// A graceful shutdown waits for no upstream, and leaves no socket.
    @Test func shutdownClosesEverything() async throws {
        let test = try await TestForwarder(script: { _ in [] }, setup: { $0.settings.timeout = .seconds(30) })
        let port = test.port
        let client = try await DatagramClient(port)
        try await client.send(try query("www.example.com"))
        let stream = try await StreamClient(port)
        try await stream.send(try query("www.example.com"))
        #expect(try await eventually { test.forwarder.counters.queries == 2 })
        let start = ContinuousClock.now
        try await test.stop()
        #expect(start.duration(to: .now) < .seconds(1))
        #expect(try await eventually { stream.mailbox.isClosed })
        // What was not answered is not logged either.
        #expect(test.rows.isEmpty)
        await stream.close()
        let other = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .bind(host: "127.0.0.1", port: Int(port)).get()
        try await other.close()
        await client.close()
    }

    @Test func aServiceGroupEndsIt() async throws {
        let forwarder = Forwarder(clock: TestForwarder.Clock(), logger: .silent) { _ in }
        let group = ServiceGroup(services: [forwarder], logger: .silent)
        let task = Task { try await group.run() }
        #expect(try await eventually { forwarder.listeners.isEmpty })
        await group.triggerGracefulShutdown()
        try await task.value
    }
}
