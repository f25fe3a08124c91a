import Model

/// A look at the host that may be taken for another one of the same request.
struct RecentLook {
    /// What was asked.
    let request: ObservationRequest
    /// When, by the uptime clock.
    let beganAt: Duration
    /// What was seen.
    let observed: ObservedState

    /// Whether it was read as a whole, not longer ago than `age`.
    func isFresh(at now: Duration, _ age: Duration) -> Bool { now - beganAt <= age && observed.unreadable.isEmpty }
}
