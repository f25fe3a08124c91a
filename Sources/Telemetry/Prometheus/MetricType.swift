/// The type of a metric in the text format of Prometheus.
public enum MetricType: String, Sendable, Hashable, CaseIterable {
    /// Grows only.
    case counter
    /// Goes up and down.
    case gauge
    /// Counts in buckets.
    case histogram
}
