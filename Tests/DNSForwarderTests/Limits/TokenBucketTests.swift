import Testing

@testable import DNSForwarder

@Suite struct TokenBucketTests {
    @Test func aBurstThenTheRate() {
        let start = ContinuousClock.now
        var bucket = TokenBucket(perSecond: 10, burst: 20, now: start)
        func taken(_ count: Int, at seconds: Double) -> Int {
            (0..<count).count { _ in bucket.take(now: start.advanced(by: .seconds(seconds))) }
        }
        #expect(taken(50, at: 0) == 20)
        #expect(taken(50, at: 0.5) == 5)
        #expect(taken(50, at: 1) == 5)
        #expect(taken(50, at: 100) == 20)
        // A clock that stands still or goes back gives nothing.
        #expect(taken(50, at: 99) == 0)
    }
}
