import Model
import NIOCore
import Testing

@testable import DNSForwarder

/// TCP connections that nobody uses; each waits for 10 s.
@Suite struct ForwarderIdleTests {
    /// Also one whose octets come one by one, and one whose answers nobody reads.
    @Test func idleConnectionsAreClosed() async throws {
        let test = try await TestForwarder(rules: ["||blocked.example^"])
        let start = ContinuousClock.now
        let silent = try await StreamClient(test.port)
        let slow = try await StreamClient(test.port)
        let deaf = try await StreamClient(test.port, isReading: false)
        try await deaf.send(try query("blocked.example"))
        // A length that promises more than ever comes.
        try await slow.send(raw: [0xFF, 0xFF])
        let connected = ContinuousClock.now
        while !(silent.mailbox.isClosed && slow.mailbox.isClosed), connected.duration(to: .now) < .seconds(60) {
            try await Task.sleep(for: .milliseconds(200))
            try? await slow.send(raw: [0])
        }
        #expect(test.forwarder.counters.connections == 3)
        // Not sooner, and some seconds later at most, as a busy host has it.
        for client in [silent, slow] {
            let closedAt = try #require(client.mailbox.closedAt)
            #expect(start.duration(to: closedAt) > .seconds(9))
            #expect(connected.duration(to: closedAt) < .seconds(30))
        }
        let reading = ContinuousClock.now
        try await deaf.channel.setOption(.autoRead, value: true).get()
        #expect(try await eventually { deaf.mailbox.isClosed })
        #expect(reading.duration(to: try #require(deaf.mailbox.closedAt)) < .seconds(9))
        for client in [silent, slow, deaf] { await client.close() }
        try await test.stop()
    }
}
