import ArgumentParser
import Model

/// A time on the command line: `7d` ago, a day `2026-11-01` (its beginning in UTC), or RFC 3339.
enum PointInTime: ExpressibleByArgument, Hashable, Sendable {
    /// So many seconds before now.
    case ago(Int64)
    /// That instant.
    case at(Timestamp)

    init?(argument: String) {
        if let span = TimeSpan(argument: argument) {
            self = .ago(span.seconds)
        } else if let time = Timestamp(argument) ?? Timestamp("\(argument)T00:00:00Z") {
            self = .at(time)
        } else {
            return nil
        }
    }

    /// The form people type.
    var defaultValueDescription: String {
        switch self {
        case .ago(let seconds): TimeSpan(seconds: seconds).defaultValueDescription
        case .at(let time): time.description
        }
    }

    /// The instant it means.
    func time(now: Timestamp) -> Timestamp {
        switch self {
        case .ago(let seconds): now.advanced(bySeconds: -seconds)
        case .at(let time): time
        }
    }
}
