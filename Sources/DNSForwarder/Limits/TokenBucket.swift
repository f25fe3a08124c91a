/// How much a peer may ask: so many queries a second on average, and a burst of more (a token bucket).
struct TokenBucket: Sendable {
    private let perSecond: Double
    private let burst: Double
    private var tokens: Double
    private var last: ContinuousClock.Instant

    init(perSecond: Int, burst: Int, now: ContinuousClock.Instant) {
        self.perSecond = Double(perSecond)
        self.burst = Double(max(burst, 1))
        tokens = self.burst
        last = now
    }

    /// Takes a token; false if there is none left.
    mutating func take(now: ContinuousClock.Instant) -> Bool {
        // Queries of one burst have one time.
        if now > last {
            let elapsed = last.duration(to: now).components
            let seconds = Double(elapsed.seconds) + Double(elapsed.attoseconds) * 1e-18
            last = now
            tokens = min(burst, tokens + seconds * perSecond)
        }
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
