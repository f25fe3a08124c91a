import Model
import Reconciler

/// The time that a question about traffic covers, and the width of its buckets.
struct TrafficSpan: Hashable, Sendable {
    let start: Timestamp
    let end: Timestamp
    let resolution: TrafficResolution

    /// A span.
    ///
    /// - Parameter resolution: nil: one with which the whole can be seen at once.
    /// - Throws: ``CommandFailure`` for a time that ends before it begins.
    init(since: PointInTime, until: PointInTime?, _ resolution: TrafficResolution?, now: Timestamp)
        throws(CommandFailure)
    {
        start = since.time(now: now)
        end = until?.time(now: now) ?? now
        guard start < end else {
            throw CommandFailure(.usage, "--since must be before --until: \(start) is not before \(end)")
        }
        self.resolution = resolution ?? Self.resolution(seconds: end.seconds - start.seconds)
    }

    /// Hours up to eight days, days up to a little over a year, then weeks.
    private static func resolution(seconds: Int64) -> TrafficResolution {
        switch seconds {
        case ...(8 * 86_400): .hourly
        case ...(400 * 86_400): .daily
        default: .weekly
        }
    }

    /// The query of the API.
    var query: String {
        "start=\(TargetText.escaped(start.description))&end=\(TargetText.escaped(end.description))"
            + "&resolution=\(resolution.rawValue)"
    }
}
