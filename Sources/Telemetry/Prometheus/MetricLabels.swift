/// The labels of a sample, written once for all families that use them.
public struct MetricLabels: Sendable, Hashable {
    /// `a="b",c="d"`, as they stand between the braces.
    let bytes: [UInt8]

    /// No labels.
    public static let none = MetricLabels([:])

    /// Labels in the given order; the values may hold anything.
    public init(_ labels: KeyValuePairs<StaticString, String>) {
        var bytes: [UInt8] = []
        Self.append(labels, to: &bytes)
        self.bytes = bytes
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    /// These and further labels behind them.
    public func adding(_ labels: KeyValuePairs<StaticString, String>) -> MetricLabels {
        var bytes = bytes
        Self.append(labels, to: &bytes)
        return MetricLabels(bytes: bytes)
    }

    private static func append(_ labels: KeyValuePairs<StaticString, String>, to bytes: inout [UInt8]) {
        for (name, value) in labels {
            if !bytes.isEmpty { bytes.append(UInt8(ascii: ",")) }
            bytes += "\(name)".utf8
            bytes += [UInt8(ascii: "="), UInt8(ascii: "\"")]
            PrometheusText.append(value, isQuoted: true, to: &bytes)
            bytes.append(UInt8(ascii: "\""))
        }
    }
}
