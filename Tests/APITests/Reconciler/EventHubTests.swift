import Gateway
import HTTPTypes
import Model
import Reconciler
import Synchronization
import Testing

@testable import API

@Suite struct EventHubTests {
    private static let keys = [
        "xTIBA5rboUvnH4htodjb6e697QjLERt1NAB4mZqp8Dg=", "960toSXizvnsoBcAaowrOJNCy1oRJLWn16QTztWEAlg=",
    ]
    private static let files = [
        "peers/a.yaml":
            "kind: Peer\nname: a\ninterface: wg0\nip: 10.8.0.2\npublic_key: \(keys[0])\nowner: alice\n",
        "peers/b.yaml": "kind: Peer\nname: b\ninterface: wg0\nip: 10.8.0.3\npublic_key: \(keys[1])\n",
        "users/alice.yaml": "kind: User\nusername: alice\nemail: alice@example.com\nrole: user\n",
        "users/admin.yaml": "kind: User\nusername: admin\nemail: admin@example.com\nrole: admin\n",
    ]
    private static let alice = Principal(
        proof: .session(id: "2"), userID: "u2", username: "alice", email: "alice@example.com", role: .user)

    /// What a stream holds now.
    private func frames(_ stream: AsyncStream<[UInt8]>, until word: String) async -> String {
        var text = ""
        for await bytes in stream {
            text += String(decoding: bytes, as: UTF8.self)
            if text.contains(word) { break }
        }
        return text
    }

    private func pass(_ gateway: TestGateway) async throws {
        gateway.services.events.note(try await gateway.host.pass(PassOptions(trigger: "test")))
    }

    @Test func `everybody sees what is his`() async throws {
        let gateway = try await TestGateway(Self.files)
        let hub = gateway.services.events
        try await pass(gateway)
        let admin = try hub.subscribe(TestGateway.admin, after: nil)
        let alice = try hub.subscribe(Self.alice, after: nil)
        let now = gateway.services.clock.now()
        gateway.host.behaviour.withLock { behaviour in
            for key in Self.keys { behaviour.handshakes[PublicKey(key) ?? PublicKey(words: (0, 0, 0, 0))] = now }
        }
        try await pass(gateway)
        hub.drop { _ in true }
        let all = await frames(admin, until: "never")
        let own = await frames(alice, until: "never")
        #expect(all.contains("event: pass") && all.contains("event: revision"))
        #expect(all.contains(#""name":"a","state":"connected""#) && all.contains(#""name":"b","state":"connected""#))
        #expect(own.contains(#""name":"a","state":"connected""#))
        #expect(!own.contains("event: pass") && !own.contains(#""name":"b""#))
    }

    @Test func `who comes back gets what he missed`() async throws {
        let gateway = try await TestGateway(Self.files)
        let hub = gateway.services.events
        try await pass(gateway)
        let first = try hub.subscribe(TestGateway.admin, after: nil)
        let text = await frames(first, until: "event: pass")
        let ids = text.split(separator: "\n").filter { $0.hasPrefix("id: ") }.map { String($0.dropFirst(4)) }
        let last = try #require(ids.last)
        try await pass(gateway)
        try await pass(gateway)
        let again = try hub.subscribe(TestGateway.admin, after: last)
        hub.drop { _ in true }
        let missed = await frames(again, until: "never")
        #expect(missed.split(separator: "\n").count { $0 == "event: pass" } == 2)
        #expect(!missed.contains("id: \(last)\n"))
        let stranger = try hub.subscribe(TestGateway.admin, after: "1-1")
        hub.drop { _ in true }
        #expect(await frames(stranger, until: "never").split(separator: "\n").count { $0 == "event: pass" } == 1)
    }

    @Test func `too many streams of one user are refused, and a closed one makes room`() async throws {
        let gateway = try await TestGateway(Self.files)
        let hub = gateway.services.events
        var open: [AsyncStream<[UInt8]>] = []
        for _ in 0..<EventLimits().perUser { open.append(try hub.subscribe(Self.alice, after: nil)) }
        #expect(throws: APIFailure.self) { try hub.subscribe(Self.alice, after: nil) }
        _ = try hub.subscribe(TestGateway.admin, after: nil)
        let closed = Task { [stream = open.removeLast()] in for await _ in stream {} }
        closed.cancel()
        await closed.value
        open.append(try hub.subscribe(Self.alice, after: nil))
    }

    @Test func `a user who is gone hears nothing more`() async throws {
        let gateway = try await TestGateway(Self.files)
        let hub = gateway.services.events
        try await pass(gateway)
        let stream = try hub.subscribe(Self.alice, after: nil)
        try gateway.directory.write("users/alice.yaml", (Self.files["users/alice.yaml"] ?? "") + "enabled: false\n")
        try gateway.directory.commit("Disable alice")
        try await pass(gateway)
        // It ends by itself.
        #expect(await frames(stream, until: "never").contains("retry:"))
    }
}
