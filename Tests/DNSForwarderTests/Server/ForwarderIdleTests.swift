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
        while test.forwarder.counters.connections < 3 || start.duration(to: .now) < .seconds(9) {
            try await Task.sleep(for: .milliseconds(200))
            try await slow.send(raw: [0])
        }
        #expect(!silent.mailbox.isClosed)
        #expect(!slow.mailbox.isClosed)
        #expect(try await eventually { silent.mailbox.isClosed && slow.mailbox.isClosed })
        try await deaf.channel.setOption(.autoRead, value: true).get()
        #expect(try await eventually { deaf.mailbox.isClosed })
        #expect(start.duration(to: .now) < .seconds(14))
        for client in [silent, slow, deaf] { await client.close() }
        try await test.stop()
    }
}
