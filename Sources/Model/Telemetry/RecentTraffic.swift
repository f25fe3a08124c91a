/// What moved of late.
public struct RecentTraffic: Sendable, Equatable {
    /// Since midnight UTC.
    public var today: [TrafficSubject: TrafficBytes]
    /// Between the newest two samples, in bits per second.
    public var rates: [TrafficSubject: TrafficBytes]
    /// When the newest sample was made; nil: none yet.
    public var sampledAt: Timestamp?

    /// Recent traffic.
    public init(
        today: [TrafficSubject: TrafficBytes] = [:], rates: [TrafficSubject: TrafficBytes] = [:],
        sampledAt: Timestamp? = nil
    ) {
        self.today = today
        self.rates = rates
        self.sampledAt = sampledAt
    }
}
