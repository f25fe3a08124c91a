import DNSPolicy
import Logging
import Model
import Testing

@testable import DNSForwarder

/// How long finished answers stand.
@Suite struct PacketCacheTests {
    /// A desk's parts, without sockets and with times that the test says.
    private struct Bench {
        let service = QueryService(
            upstreams: UpstreamClient(logger: .silent), clock: TestForwarder.Clock(), record: { _ in })
        let packets = PacketCache()
        let revision: Revision
        let asker: Asker
        let message: [UInt8]
        let start = ContinuousClock.now

        init(_ rules: [String] = [], pause: FilteringPause = FilteringPause()) throws {
            var setup = TestForwarder.Setup(rules: rules)
            setup.settings.upstreams = [DNSUpstream(udp: IPAddress(v4: 0x7F00_0001), port: 9)]
            var configuration = try setup.configuration()
            configuration.pause = pause
            revision = Revision(configuration, cache: AnswerCache(setup.settings.cache))
            let client = revision.pipeline.client(interface: "lo", address: IPAddress(v4: 0x7F00_0001))
            asker = Asker(client, on: "lo", revision, service.accounts)
            message = try query("www.example.com")
        }

        /// Keeps the answer, as it is at a time after the start.
        func keep(at time: Timestamp, after seconds: Int64) throws {
            guard case .query(let query) = IncomingQuery(message) else { throw Unanswered() }
            let now = start.advanced(by: .seconds(seconds))
            let asked = AskedQuery(
                query: query, asker: asker, client: try #require(asker.client), transport: .datagram, time: time,
                start: now)
            guard case .done(let resolution) = revision.pipeline.begin(query, from: asked.client, time: time, now: now)
            else { throw Unanswered() }
            packets.keep(Packet(asked, message.span, resolution), for: message.span)
        }

        func answer(after seconds: Int64) throws -> Message? {
            let now = start.advanced(by: .seconds(seconds))
            var counters = ForwarderCounters()
            return try packets.packet(for: message.span, of: asker, now: now).map { packet in
                try Message(
                    decoding: packet.answer(
                        to: message.span, time: TestPipeline.time, since: now, service, &counters))
            }
        }
    }

    private struct Unanswered: Error {}

    @Test func anAnswerEndsWithItsTime() throws {
        let bench = try Bench()
        let name = try DomainName(text: "www.example.com")
        let key = AnswerCache.Key(name: name, type: .a, isDNSSECOK: false, isCheckingDisabled: false)
        let records = [
            ResourceRecord.cname(name, try DomainName(text: "other.example"), ttl: 300),
            .address(try DomainName(text: "other.example"), .answered, ttl: 60),
        ]
        bench.revision.cache.store(Answer(answers: records), for: key, now: bench.start)
        bench.packets.open(bench.revision, at: TestPipeline.time)
        try bench.keep(at: TestPipeline.time, after: 2)
        #expect(try bench.answer(after: 2)?.answers.map(\.ttl) == [298, 58])
        #expect(try bench.answer(after: 30)?.answers.map(\.ttl) == [270, 30])
        #expect(try bench.answer(after: 53)?.answers.map(\.ttl) == [247, 7])
        // From here on somebody must see that it is to be renewed.
        #expect(try bench.answer(after: 54) == nil)
        try bench.keep(at: TestPipeline.time, after: 55)
        #expect(try bench.answer(after: 59)?.answers.map(\.ttl) == [241, 1])
        #expect(try bench.answer(after: 60) == nil)
    }

    @Test func aBlockHasNoEnd() throws {
        let bench = try Bench(["||www.example.com^"])
        bench.packets.open(bench.revision, at: TestPipeline.time)
        try bench.keep(at: TestPipeline.time, after: 0)
        #expect(try bench.answer(after: 1_000_000)?.answers.map(\.ttl) == [10])
    }

    @Test func aPauseThatEndsForgetsAll() throws {
        var pause = FilteringPause()
        let time = TestPipeline.time
        pause.peers["lo/somebody"] = time.advanced(bySeconds: 100)
        pause.everybody = time.advanced(bySeconds: 500)
        let bench = try Bench(["||www.example.com^"], pause: pause)
        bench.packets.open(bench.revision, at: time.advanced(bySeconds: 600))
        try bench.keep(at: time.advanced(bySeconds: 600), after: 0)
        #expect(try bench.answer(after: 0) != nil)
        // No end lies between these times.
        bench.packets.open(bench.revision, at: time.advanced(bySeconds: 9000))
        #expect(try bench.answer(after: 0) != nil)
        // A clock that was set back.
        bench.packets.open(bench.revision, at: time.advanced(bySeconds: 101))
        #expect(try bench.answer(after: 0) == nil)
        for (kept, later, isFound) in [(101, 499, true), (0, 99, true), (0, 100, false), (101, 500, false)] {
            bench.packets.open(bench.revision, at: time.advanced(bySeconds: Int64(kept)))
            try bench.keep(at: time.advanced(bySeconds: 600), after: 0)
            bench.packets.open(bench.revision, at: time.advanced(bySeconds: Int64(later)))
            #expect(try (bench.answer(after: 0) != nil) == isFound, "from \(kept) to \(later)")
        }
    }

    @Test func theNumberIsBounded() throws {
        let bench = try Bench(["||www.example.com^"])
        bench.packets.open(bench.revision, at: TestPipeline.time)
        try bench.keep(at: TestPipeline.time, after: 0)
        let kept = bench.packets.packet(for: bench.message.span, of: bench.asker, now: bench.start)
        let packet = try #require(kept)
        for number in 0..<PacketCache.capacity + 10 {
            let message = [UInt8](repeating: 0, count: 12) + "\(number)".utf8
            bench.packets.keep(packet, for: message.span)
            #expect(bench.packets.count <= PacketCache.capacity)
        }
    }

    @Test func onlyWhatIsAskedForAgainIsWanted() throws {
        let bench = try Bench()
        let wants = { (message: [UInt8]) in bench.packets.wants(message.span, of: bench.asker) }
        #expect(!wants(bench.message))
        #expect(wants(bench.message))
        #expect(!wants(try query("other.example.com")))
        for length in [0, 1, 11, 321] {
            for _ in 0..<2 { #expect(!wants([UInt8](repeating: 0, count: length))) }
        }
    }

    /// 10,000 keys in turn are mostly known the second time, and of others few are taken for them.
    @Test func seenKeys() {
        var random = SystemRandomNumberGenerator()
        var seen = SeenKeys()
        let keys = (0..<10_000).map { _ in Int(truncatingIfNeeded: random.next()) }
        for key in keys { _ = seen.note(key) }
        #expect(keys.count { seen.note($0) } > 9_400)
        #expect((0..<10_000).count { _ in seen.note(Int(truncatingIfNeeded: random.next())) } < 10)
    }
}
