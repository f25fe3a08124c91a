/// Time that only moves forward, whatever happens to civil time.
public protocol UptimeClock: Sendable {
    /// The time since some fixed instant.
    func uptime() -> Duration

    /// Returns at that uptime, or throws `CancellationError`.
    func sleep(until uptime: Duration) async throws
}

/// The system's continuous clock.
public struct SystemUptime: UptimeClock {
    private let start = ContinuousClock.now

    /// A clock that starts at zero.
    public init() {}

    /// The time since this value was made.
    public func uptime() -> Duration { ContinuousClock.now - start }

    /// Sleeps.
    public func sleep(until uptime: Duration) async throws {
        try await Task.sleep(until: start + uptime, clock: .continuous)
    }
}
