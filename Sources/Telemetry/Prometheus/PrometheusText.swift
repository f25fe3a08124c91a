/// Writes metrics in the text format of Prometheus, version 0.0.4.
///
/// Whatever names and values hold, what is written stays in the format. That no family is written twice, and no series in it,
/// is up to who writes.
public struct PrometheusText: Sendable {
    /// What an answer says it is.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// What was written.
    public private(set) var bytes: [UInt8] = []

    /// Nothing is written yet.
    public init() {}

    /// Writes a family of samples; one without samples is left out.
    ///
    /// - Parameters:
    ///   - name: ends in `_total` if it is a counter, and names the base unit.
    ///   - help: what it means, a sentence for people.
    ///   - write: adds the samples.
    public mutating func family(
        _ name: StaticString, _ type: MetricType, _ help: String, _ write: (inout MetricFamily) -> Void
    ) {
        var family = MetricFamily(name: "\(name)", room: bytes)
        // The text is handed over and back, so that it is never copied.
        bytes = []
        family.begin(type, help)
        let start = family.bytes.count
        write(&family)
        bytes = family.take(from: start)
    }

    /// A family of one sample without labels.
    public mutating func single(_ name: StaticString, _ type: MetricType, _ help: String, _ value: MetricValue?) {
        guard let value else { return }
        family(name, type, help) { $0.add(value) }
    }

    /// Appends a text: a value of a label (in quotes), or a line of help.
    static func append(_ text: String, isQuoted: Bool, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "\\")]
            case UInt8(ascii: "\n"): bytes += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case UInt8(ascii: "\"") where isQuoted: bytes += [UInt8(ascii: "\\"), UInt8(ascii: "\"")]
            default: bytes.append(byte)
            }
        }
    }
}
