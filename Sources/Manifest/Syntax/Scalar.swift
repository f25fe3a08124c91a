/// A single value as written, before any field's type.
public struct Scalar: Sendable {
    /// How a scalar is written.
    public enum Style: UInt8, Sendable {
        /// `text`
        case plain
        /// `'text'`
        case single
        /// `"text"`
        case double
        /// `|`
        case literal
        /// `>`
        case folded
    }

    /// The text without quotes, escapes and folding.
    public let text: String
    /// How it is written; only plain scalars can be anything but a string.
    public let style: Style

    /// Makes a scalar.
    public init(text: String, style: Style) {
        self.text = text
        self.style = style
    }

    /// The value by the YAML 1.2 core schema (YAML 1.2.2 section 10.3.2).
    public var value: ScalarValue {
        style == .plain ? ScalarValue(plain: text) : .string
    }
}

/// The type of a scalar by the YAML 1.2 core schema.
///
/// `yes`, `no`, `on`, `off`, `1_000` and `12:30:45` are strings. `012` is a number there and an octal number in
/// YAML 1.1, so it is `ambiguous` and no field accepts it.
public enum ScalarValue: Sendable, Equatable {
    /// Empty, `~` or `null`.
    case null
    /// `true` or `false`.
    case boolean(Bool)
    /// A whole number that fits 64 bits.
    case integer(Int64)
    /// Any other number.
    case number
    /// A decimal number with leading zeros.
    case ambiguous
    /// A string.
    case string

    /// Resolves a plain scalar.
    public init(plain text: String) {
        var text = text
        self = text.withUTF8 { bytes in
            unsafe ScalarValue.resolve(bytes.span)
        }
    }

    private static func resolve(_ bytes: Span<UInt8>) -> ScalarValue {
        guard !bytes.isEmpty else { return .null }
        switch bytes[0] {
        case UInt8(ascii: "~"): return bytes.count == 1 ? .null : .string
        case UInt8(ascii: "n"), UInt8(ascii: "N"): return isWord(bytes, "null", "Null", "NULL") ? .null : .string
        case UInt8(ascii: "t"), UInt8(ascii: "T"):
            return isWord(bytes, "true", "True", "TRUE") ? .boolean(true) : .string
        case UInt8(ascii: "f"), UInt8(ascii: "F"):
            return isWord(bytes, "false", "False", "FALSE") ? .boolean(false) : .string
        case UInt8(ascii: "."), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return resolveNumber(bytes)
        default: return .string
        }
    }

    private static func isWord(_ bytes: Span<UInt8>, _ words: StaticString...) -> Bool {
        for word in words where word.utf8CodeUnitCount == bytes.count {
            var equal = true
            for index in 0..<bytes.count where unsafe bytes[index] != word.utf8Start[index] { equal = false }
            if equal { return true }
        }
        return false
    }
}
