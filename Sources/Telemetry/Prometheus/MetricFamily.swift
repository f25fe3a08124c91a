/// The samples of one name.
public struct MetricFamily {
    private let name: [UInt8]
    private let beginning: Int
    private(set) var bytes: [UInt8]

    init(name: String, room: consuming [UInt8]) {
        self.name = Array(name.utf8)
        beginning = room.count
        bytes = room
    }

    mutating func begin(_ type: MetricType, _ help: String) {
        bytes += "# HELP ".utf8
        bytes += name
        bytes.append(UInt8(ascii: " "))
        PrometheusText.append(help, isQuoted: false, to: &bytes)
        bytes += "\n# TYPE ".utf8
        bytes += name
        bytes += " \(type.rawValue)\n".utf8
    }

    /// All that is written; without the head if no sample followed it.
    consuming func take(from start: Int) -> [UInt8] {
        var bytes = bytes
        if bytes.count == start { bytes.removeSubrange(beginning...) }
        return bytes
    }

    /// Adds a sample.
    public mutating func add(_ value: MetricValue, _ labels: MetricLabels = .none) {
        sample("", value, labels.bytes)
    }

    /// Adds a histogram.
    ///
    /// - Parameters:
    ///   - bounds: the upper bounds of the buckets, growing.
    ///   - counts: how many values lay in each bucket alone, and last those above all bounds.
    ///   - sum: the sum of all values.
    public mutating func addHistogram(
        bounds: [Double], counts: [UInt64], sum: Double, _ labels: MetricLabels = .none
    ) {
        precondition(counts.count == bounds.count + 1, "a histogram has one bucket more than bounds")
        var total: UInt64 = 0
        for (bound, count) in zip(bounds, counts) {
            total += count
            sample("_bucket", .count(total), labels.adding(["le": "\(bound)"]).bytes)
        }
        total += counts[bounds.count]
        sample("_bucket", .count(total), labels.adding(["le": "+Inf"]).bytes)
        sample("_sum", .number(sum), labels.bytes)
        sample("_count", .count(total), labels.bytes)
    }

    private mutating func sample(_ suffix: StaticString, _ value: MetricValue, _ labels: [UInt8]) {
        bytes += name
        if suffix.utf8CodeUnitCount > 0 { bytes += "\(suffix)".utf8 }
        if !labels.isEmpty {
            bytes.append(UInt8(ascii: "{"))
            bytes += labels
            bytes.append(UInt8(ascii: "}"))
        }
        bytes.append(UInt8(ascii: " "))
        value.append(to: &bytes)
        bytes.append(UInt8(ascii: "\n"))
    }
}
