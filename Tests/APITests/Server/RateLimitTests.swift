import HTTPTypes
import Model
import Testing

@testable import API

/// How requests are counted.
@BlockingTests @Suite struct RateLimitTests {
    @Test func `a window slides`() {
        var window = RateWindow()
        for index in 0..<10 { #expect(window.take(at: Int64(index) * 1000, limit: 10, window: 60_000).isTaken) }
        let refused = window.take(at: 30_000, limit: 10, window: 60_000)
        #expect(!refused.isTaken && refused.remaining == 0)
        #expect((30_000...30_200).contains(refused.reset))
        // The first one is forgotten, and only that one.
        #expect(window.take(at: 60_200, limit: 10, window: 60_000).isTaken)
        #expect(!window.take(at: 60_300, limit: 10, window: 60_000).isTaken)
    }

    @Test func `never more than the limit within any window`() {
        var window = RateWindow()
        var taken: [Int64] = []
        var now: Int64 = 0
        var step: Int64 = 7
        for _ in 0..<20_000 {
            step = (step * 1_103_515_245 + 12_345) % 997
            now += step
            if window.take(at: now, limit: 30, window: 60_000).isTaken { taken.append(now) }
        }
        for index in taken.indices.dropFirst(30) { #expect(taken[index] - taken[index - 30] >= 60_000) }
        #expect(taken.count > 1000)
    }

    @Test func `a limit that became smaller holds at once`() {
        var window = RateWindow()
        for _ in 0..<50 { _ = window.take(at: 0, limit: 100, window: 60_000) }
        #expect(!window.take(at: 1000, limit: 10, window: 60_000).isTaken)
        #expect(window.take(at: 1000, limit: 51, window: 60_000).isTaken)
    }

    @Test func `a flood of addresses takes no more room, and users are not forgotten`() throws {
        let limiter = RateLimiter(capacity: 1000)
        let limit = RateLimiter.Limit(count: 1, window: 60)
        #expect(limiter.take(.user("u"), .read, limit, at: 0).isTaken)
        for index in 0..<100_000 {
            let address = IPAddress(v6: 0x2001_0db8_0000_0000 + UInt64(index), 1)
            _ = limiter.take(.address(AddressBlock(address)), .read, limit, at: 0)
        }
        #expect(limiter.count <= 1001)
        #expect(!limiter.take(.user("u"), .read, limit, at: 0).isTaken)
    }

    @Test func `a /64 is one client, another one is another`() {
        let limiter = RateLimiter()
        let limit = RateLimiter.Limit(count: 1, window: 60)
        let take = { (high: UInt64, low: UInt64) in
            limiter.take(.address(AddressBlock(IPAddress(v6: high, low))), .read, limit, at: 0).isTaken
        }
        #expect(take(1, 1))
        #expect(!take(1, 2))
        #expect(take(2, 1))
    }

    @Test func `strangers get 10 reads a minute, and then the documented answer`() async throws {
        let server = try await TestServer()
        for index in 0..<10 {
            let answer = try #require(try server.get("/api/things/a"))
            #expect(answer.status == 401)
            #expect(answer.headers["x-ratelimit-remaining"] == "\(9 - index)")
        }
        let refused = try #require(try server.get("/api/things/a"))
        #expect(refused.status == 429)
        let seconds = try #require(refused.headers["retry-after"].flatMap(Int.init))
        #expect((60...61).contains(seconds))
        #expect(
            refused.body == #"{"error":"Too Many Requests","message":"Rate limit exceeded. Try again in "#
                + #"\#(seconds) seconds","retry_after":\#(seconds),"limit":10,"window":60}"#)
        #expect(refused.headers["x-ratelimit-reset"] == "\(server.clock.time + Int64(seconds))")
        // Somebody who is known is counted for himself; health is not counted.
        let known = try #require(try server.get("/api/things/a", TestServer.known))
        #expect(known.status == 200 && known.headers["x-ratelimit-limit"] == "100")
        #expect(try server.get("/healthz")?.headers["x-ratelimit-limit"] == nil)
        server.clock.advance(seconds: 62)
        #expect(try server.get("/api/things/a")?.status == 401)
        try await server.stop()
    }

    @Test(arguments: [
        ("203.0.113.9", "203.0.113.9"), ("198.51.100.1, 203.0.113.9", "203.0.113.9"),
        ("203.0.113.9, 127.0.0.2", "203.0.113.9"), ("203.0.113.9, unknown", "127.0.0.1"), ("", "127.0.0.1"),
    ])
    func `behind a proxy the right-most foreign address counts`(header: String, expected: String) throws {
        let peer = try #require(IPAddress("127.0.0.1"))
        let proxies = [try #require(Prefix("127.0.0.0/8"))]
        let client = ForwardedClient(peer, [.forwardedFor: header], proxies)
        #expect(client.address.description == expected)
        #expect(ForwardedClient(peer, [.forwardedFor: header], []).address == peer)
    }
}
