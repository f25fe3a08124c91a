import Glibc
import Model
import Synchronization

/// The times that answers carry and limits are measured with. Injected, so that tests decide what time it is.
protocol ServerClock: Sendable {
    /// Milliseconds of a clock that never goes back.
    var uptime: Int64 { get }
    /// The same clock in microseconds.
    var microseconds: Int64 { get }
    /// Seconds since the epoch.
    var time: Int64 { get }
}

/// The clocks of the host.
struct HostClock: ServerClock {
    private let start = ContinuousClock.now

    var uptime: Int64 { microseconds / 1000 }

    var microseconds: Int64 {
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }

    var time: Int64 { Int64(Glibc.time(nil)) }
}

/// The value of `Date`, made once per second (RFC 9110, section 5.6.7).
final class HTTPDate: Sendable {
    private let latest = Mutex<(time: Int64, text: String)>((.min, ""))

    /// The date of an instant.
    func text(at time: Int64) -> String {
        latest.withLock { latest in
            if latest.time != time { latest = (time, Self.format(time)) }
            return latest.text
        }
    }

    private static func format(_ time: Int64) -> String {
        // `2027-01-01T00:00:00Z`
        let parts = Timestamp(seconds: time).description.split { "-T:Z".utf8.contains($0.utf8.first ?? 0) }
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][Int((time / 86_400) % 7)]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let month = months[(Int(parts[1]) ?? 1) - 1]
        return "\(weekday), \(parts[2]) \(month) \(parts[0]) \(parts[3]):\(parts[4]):\(parts[5]) GMT"
    }
}
