import Model

/// The newest look at the host.
struct RecentLook {
    /// What was asked.
    let request: ObservationRequest
    /// When, by the uptime clock.
    let beganAt: Duration
    /// What was seen.
    let observed: ObservedState

    /// Whether it answers a request as well as a look at `now` would; one that could not read everything does not.
    func answers(_ request: ObservationRequest, at now: Duration, maximumAge: Duration) -> Bool {
        now - beganAt <= maximumAge && request == self.request && observed.unreadable.isEmpty
    }
}
