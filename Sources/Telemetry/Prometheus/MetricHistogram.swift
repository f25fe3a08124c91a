/// Counts values in buckets.
public struct MetricHistogram: Sendable, Equatable {
    /// The upper bounds of the buckets, growing.
    public let bounds: [Double]
    /// How many values lay in each bucket alone, and last those above all bounds.
    public private(set) var counts: [UInt64]
    /// The sum of all values.
    public private(set) var sum: Double = 0

    /// An empty histogram.
    public init(bounds: [Double]) {
        self.bounds = bounds.sorted()
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// Counts a value; one at a bound counts below it.
    public mutating func observe(_ value: Double) {
        counts[bounds.firstIndex { value <= $0 } ?? bounds.count] += 1
        sum += value
    }
}

extension MetricFamily {
    /// Adds a histogram.
    public mutating func add(_ histogram: MetricHistogram, _ labels: MetricLabels = .none) {
        addHistogram(bounds: histogram.bounds, counts: histogram.counts, sum: histogram.sum, labels)
    }
}
