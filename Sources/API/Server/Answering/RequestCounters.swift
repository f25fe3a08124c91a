import HTTPTypes
import Synchronization

/// Counts the requests that were answered, since the process began.
public final class RequestCounters: Sendable {
    private let state = Mutex(State())

    private struct State {
        /// By method, then by class of status.
        var answers = [UInt64](repeating: 0, count: (RequestCounters.methods.count + 1) * RequestCounters.classes.count)
        /// How many took at most as long as the bound, and longer than the one before; behind them those beyond all.
        var durations = [UInt64](repeating: 0, count: RequestCounts.durationBounds.count + 1)
        var microseconds: UInt64 = 0
    }

    /// Nothing was counted yet.
    public init() {}

    /// What was counted until now.
    public var counts: RequestCounts {
        let state = state.withLock { $0 }
        var counts = RequestCounts()
        for (row, method) in (Self.methods + [Self.otherMethods]).enumerated() {
            for (column, statusClass) in Self.classes.enumerated() {
                let count = state.answers[row * Self.classes.count + column]
                guard count > 0 else { continue }
                counts.answers.append(RequestCounts.Answers(method: method, statusClass: statusClass, count: count))
            }
        }
        counts.durations = state.durations
        counts.microseconds = state.microseconds
        return counts
    }

    /// Counts an answer.
    ///
    /// - Parameter microseconds: the time from the head of the request to the head of the answer.
    func count(_ method: HTTPRequest.Method, _ status: HTTPResponse.Status, microseconds: Int64) {
        // A client may name methods as it likes: they share one row.
        let row = Self.methods.firstIndex(of: method.rawValue) ?? Self.methods.count
        let column = min(max(status.code / 100, 1), Self.classes.count) - 1
        let time = UInt64(max(0, microseconds))
        let bucket =
            RequestCounts.durationBounds.firstIndex { time <= $0 } ?? RequestCounts.durationBounds.count
        state.withLock { state in
            state.answers[row * Self.classes.count + column] += 1
            state.durations[bucket] += 1
            state.microseconds += time
        }
    }

    private static let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
    private static let otherMethods = "other"
    private static let classes = ["1xx", "2xx", "3xx", "4xx", "5xx"]
}

/// How many requests were answered, how, and how fast.
public struct RequestCounts: Sendable, Equatable {
    /// By method and class of status, in a fixed order; only those that occurred.
    public var answers: [Answers] = []
    /// How many took at most as long as the bound of the same index, and longer than the one before; the last one counts
    /// those that took longer than every bound. A stream counts until its head.
    public var durations = [UInt64](repeating: 0, count: durationBounds.count + 1)
    /// The sum of the times, in microseconds.
    public var microseconds: UInt64 = 0

    /// The bounds of ``durations`` in microseconds, ascending.
    public static let durationBounds: [UInt64] = [
        500, 1000, 2500, 5000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000,
        10_000_000,
    ]

    /// Nothing was counted.
    public init() {}

    /// All requests.
    public var total: UInt64 { durations.reduce(0, +) }

    /// The answers to one method with one class of status.
    public struct Answers: Sendable, Hashable {
        /// `GET`, `POST` …; `other` for what no operation takes.
        public var method: String
        /// `2xx`, `4xx` …
        public var statusClass: String
        /// How many there were.
        public var count: UInt64
    }
}
