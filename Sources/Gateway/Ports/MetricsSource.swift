/// What this gateway says of itself to a monitoring system.
public protocol MetricsSource: Sendable {
    /// All metrics as of now, in the text format of Prometheus, version 0.0.4.
    func metrics() async -> [UInt8]
}
