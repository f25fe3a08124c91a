import Model

/// When a list is looked at again.
public struct ListTiming: Sendable {
    /// The wait after a first failure; it doubles with each.
    public var firstRetry: Duration = .seconds(10)
    /// The longest wait after failures, if the list's own interval is not shorter.
    public var lastRetry: Duration = .seconds(3600)
    /// A number from 0 to 1, so that many gateways don't ask at once.
    public var jitter: @Sendable () -> Double = { Double.random(in: 0..<1) }

    /// The usual times.
    public init() {}

    /// When a list that was read or confirmed at `time` is due: its interval later, less up to a tenth.
    func due(after time: Timestamp, refresh: Duration) -> Timestamp {
        let seconds = Double(refresh.components.seconds)
        return time.advanced(bySeconds: max(Int64(seconds - seconds * jitter() / 10), 1))
    }

    /// When a list is tried again that failed for the `failures`-th time, from 1: up to a quarter later.
    func retry(after time: Timestamp, failures: Int, refresh: Duration) -> Timestamp {
        let longest = max(min(lastRetry.components.seconds, refresh.components.seconds), 1)
        let doubled = max(firstRetry.components.seconds, 1) << Int64(min(failures - 1, 20))
        let wait = min(doubled, longest)
        return time.advanced(bySeconds: wait + Int64(Double(wait) * jitter() / 4))
    }
}
