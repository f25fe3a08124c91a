import DNSPolicy
import Logging
import Model
import NIOCore
import Testing

@testable import DNSForwarder

/// The parts that need no socket.
@Suite struct UpstreamPartsTests {
    @Test func framingCutsAStreamWhereverItIsSplit() {
        let messages: [[UInt8]] = [[1, 2, 3], [], [UInt8](repeating: 7, count: 65535), [9]]
        var stream: [UInt8] = []
        for message in messages { stream += Array(StreamFraming.frame(message).readableBytesView) }
        for size in [1, 2, 3, 1000, stream.count] {
            var framing = StreamFraming()
            var found: [[UInt8]] = []
            for start in Swift.stride(from: 0, to: stream.count, by: size) {
                framing.append(ByteBuffer(bytes: stream[start..<min(start + size, stream.count)]))
                while let message = framing.next() { found.append(message) }
            }
            #expect(found == messages)
        }
    }

    @Test func onlyLettersChangeTheirCase() throws {
        let name = try DomainName(text: "a-1_\\200\\@z\\[.example.com")
        let request = UpstreamRequest(Question(name, .a), upstreams: [])
        var generator = SystemRandomNumberGenerator()
        var spellings: Set<[UInt8]> = []
        for _ in 0..<50 {
            let query = OutgoingQuery(datagram: request, using: &generator)
            #expect(query.question.name == name)
            for (octet, other) in zip(query.question.spelling, name.octets) where octet != other {
                #expect(octet ^ other == 0x20)
                #expect((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(octet))
            }
            spellings.insert(query.question.spelling)
        }
        #expect(spellings.count > 30)
    }

    @Test func aBudgetIsSpentOnce() {
        let budget = SendBudget(upstreams: 2)
        #expect((0..<10).count { _ in budget.take() } == 5)
    }

    @Test func whoFailsIsAskedLastForAWhile() throws {
        let upstreams = try ["udp://192.0.2.1:53", "udp://192.0.2.2:53", "udp://192.0.2.3:53"].map {
            try #require(DNSUpstream($0))
        }
        let health = UpstreamHealth(limits: UpstreamLimits(), logger: .silent)
        let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
        func order(after seconds: Int64, _ strategy: DNSSettings.Strategy = .fallback) -> [Int?] {
            health.order(upstreams, strategy, now: start + .seconds(seconds)).map(upstreams.firstIndex(of:))
        }
        #expect(order(after: 0) == [0, 1, 2])
        health.failed(upstreams[0], .timedOut, now: start)
        health.failed(upstreams[0], .timedOut, now: start)
        #expect(order(after: 4) == [1, 2, 0])
        #expect(order(after: 5) == [0, 1, 2])
        health.failed(upstreams[0], .connectionLost, now: start + .seconds(6))
        #expect(order(after: 15) == [1, 2, 0], "twice as long the second time")
        #expect(order(after: 16) == [0, 1, 2])
        health.failed(upstreams[0], .connectionLost, now: start + .seconds(20))
        health.answered(upstreams[0], from: start + .seconds(20), to: start + .seconds(21))
        #expect(order(after: 21) == [0, 1, 2], "an answer is enough")
        for upstream in upstreams { health.failed(upstream, .timedOut, now: start + .seconds(30)) }
        #expect(order(after: 31) == [0, 1, 2], "when all failed, they are asked all the same")
    }

    @Test func oneSlowNameIsNoFailureOfTheUpstream() throws {
        let upstreams = try ["udp://192.0.2.1:53", "udp://192.0.2.2:53"].map { try #require(DNSUpstream($0)) }
        let health = UpstreamHealth(limits: UpstreamLimits(), logger: .silent)
        let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
        health.answered(upstreams[0], from: start, to: start + .milliseconds(100))
        health.silent(upstreams[0], from: start + .milliseconds(50), now: start + .seconds(1))
        #expect(health.order(upstreams, .fallback, now: start + .seconds(1)) == upstreams)
        health.silent(upstreams[0], from: start + .milliseconds(200), now: start + .seconds(1))
        #expect(health.order(upstreams, .fallback, now: start + .seconds(1)) == upstreams.reversed())
    }

    @Test func theFastestComesFirst() throws {
        let upstreams = try ["udp://192.0.2.1:53", "udp://192.0.2.2:53"].map { try #require(DNSUpstream($0)) }
        let health = UpstreamHealth(limits: UpstreamLimits(), logger: .silent)
        let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
        health.answered(upstreams[1], from: start, to: start + .milliseconds(10))
        health.outrun(upstreams[0], from: start, to: start + .milliseconds(11))
        #expect(health.order(upstreams, .fastest, now: start) == upstreams.reversed())
        #expect(health.order(upstreams, .fallback, now: start) == upstreams)
        for _ in 0..<20 { health.answered(upstreams[1], from: start, to: start + .milliseconds(100)) }
        #expect(health.order(upstreams, .fastest, now: start) == upstreams)
    }
}
