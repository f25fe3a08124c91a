/// The value of a sample.
public enum MetricValue: Sendable, Hashable, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByBooleanLiteral
{
    /// A whole number: written with all digits, though Prometheus keeps 53 bits of it.
    case integer(Int64)
    /// A count, such as bytes.
    case count(UInt64)
    /// Any number.
    case number(Double)

    /// A whole number.
    public init(_ value: some BinaryInteger) {
        self = value >= 0 ? .count(UInt64(clamping: value)) : .integer(Int64(clamping: value))
    }

    /// 1 or 0.
    public init(_ value: Bool) { self = .count(value ? 1 : 0) }

    /// A time in seconds.
    public init(_ value: Duration) {
        let (seconds, attoseconds) = value.components
        self = .number(Double(seconds) + Double(attoseconds) * 1e-18)
    }

    /// A whole number.
    public init(integerLiteral value: Int64) { self.init(value) }

    /// Any number.
    public init(floatLiteral value: Double) { self = .number(value) }

    /// 1 or 0.
    public init(booleanLiteral value: Bool) { self.init(value) }

    /// The value as the format has it.
    func append(to bytes: inout [UInt8]) {
        switch self {
        case .integer(let value): bytes += "\(value)".utf8
        case .count(let value): bytes += "\(value)".utf8
        case .number(let value):
            if value.isNaN {
                bytes += "NaN".utf8
            } else if value.isInfinite {
                bytes += (value < 0 ? "-Inf" : "+Inf").utf8
            } else {
                bytes += "\(value)".utf8
            }
        }
    }
}
