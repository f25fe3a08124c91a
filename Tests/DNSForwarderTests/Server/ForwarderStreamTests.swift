import DNSPolicy
import Model
import NIOCore
import Testing

@testable import DNSForwarder

/// TCP: many queries on a connection, in pieces, and answered as answers are had.
@Suite struct ForwarderStreamTests {
    @Test func answersComeAsTheyAreHad() async throws {
        let test = try await TestForwarder(rules: ["||blocked.example^"]) { query in
            [.later(.milliseconds(300), query.answer())]
        }
        let client = try await StreamClient(test.port)
        try await client.send(
            try query("slow.example", id: 1), try query("blocked.example", id: 2), try query("blocked.example", id: 3))
        var ids: [UInt16] = []
        for _ in 0..<3 { ids.append(try #require(await client.next()).id) }
        #expect(ids == [2, 3, 1])
        await client.close()
        try await test.stop()
    }

    @Test func lengthsAndMessagesComeInPieces() async throws {
        let test = try await TestForwarder(rules: ["||blocked.example^"])
        let client = try await StreamClient(test.port)
        let framed = Array(StreamFraming.frame(try query("blocked.example", id: 5)).readableBytesView)
        for octet in framed + framed {
            try await client.send(raw: [octet])
        }
        #expect(try await client.next()?.id == 5)
        #expect(try await client.next()?.id == 5)
        await client.close()
        try await test.stop()
    }

    @Test func aHundredQueriesAndNoMore() async throws {
        let test = try await TestForwarder(rules: ["||blocked.example^"])
        let client = try await StreamClient(test.port)
        let framed = try (0..<120).flatMap { id in
            Array(StreamFraming.frame(try query("blocked.example", id: id)).readableBytesView)
        }
        try await client.send(raw: framed)
        for id in 0..<100 { #expect(try await client.next()?.id == UInt16(id)) }
        #expect(try await client.next() == nil)
        #expect(client.mailbox.isClosed)
        #expect(test.forwarder.counters.queries == 100)
        await client.close()
        try await test.stop()
    }

    /// A client that closes its side behind its last query gets all answers.
    @Test func aClientThatSaidAllIsAnswered() async throws {
        let test = try await TestForwarder { [.later(.milliseconds(200), $0.answer())] }
        let client = try await StreamClient(test.port)
        try await client.send(try query("one.example", id: 1), try query("two.example", id: 2))
        try await client.channel.close(mode: .output)
        let ids = Set([try await client.next()?.id, try await client.next()?.id])
        #expect(ids == [1, 2])
        #expect(try await eventually { client.mailbox.isClosed })
        await client.close()
        try await test.stop()
    }

    /// Long answers that nobody reads stop the reading of queries, and come all the same when they are read at last.
    @Test func whoDoesNotReadIsNotReadFrom() async throws {
        let test = try await TestForwarder { query in
            [
                .send(
                    query.answer { answer in
                        let name = answer.questions[0].name
                        let strings = (0..<200).map { _ in String(repeating: "x", count: 250) }
                        answer.answers = [.txt(name, strings, ttl: 60)]
                    })
            ]
        }
        try test.apply { $0.settings.upstreams = [test.upstream.tcp] }
        let first = try await StreamClient(test.port)
        #expect(try await first.ask(try query("long.example", .txt)).answers.count == 1)
        await first.close()
        let client = try await StreamClient(test.port, isReading: false)
        for id in 0..<100 { try await client.send(try query("long.example", .txt, id: UInt16(id))) }
        // 100 answers of 50 kB are more than socket buffers of both sides and ours hold.
        let before = test.forwarder.counters.queries
        #expect(before < 101)
        try await client.channel.setOption(.autoRead, value: true).get()
        for id in 0..<100 { #expect(try await client.next()?.id == UInt16(id)) }
        await client.close()
        try await test.stop()
    }
}
