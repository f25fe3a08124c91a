/// The width of the buckets of a traffic history. All begin by UTC.
public enum TrafficResolution: String, Sendable, Hashable, CaseIterable {
    /// Hours.
    case hourly
    /// Days.
    case daily
    /// Weeks, which begin on Monday (ISO 8601).
    case weekly

    /// The width in seconds: UTC as the system counts it has no longer and shorter days.
    public var seconds: Int64 {
        switch self {
        case .hourly: 3600
        case .daily: 86_400
        case .weekly: 604_800
        }
    }

    /// The beginning of the bucket that an instant lies in.
    public func bucket(of time: Timestamp) -> Timestamp {
        // The first day of the epoch was a Thursday.
        let shift: Int64 = self == .weekly ? 3 * 86_400 : 0
        let position = time.seconds + shift
        let remainder = position % seconds
        return Timestamp(seconds: time.seconds - (remainder < 0 ? remainder + seconds : remainder))
    }
}
