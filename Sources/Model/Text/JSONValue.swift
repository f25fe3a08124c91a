/// A JSON value whose objects keep the order of their keys, so that equal values are equal bytes.
public indirect enum JSONValue: Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case boolean(Bool)
    /// A whole number.
    case integer(Int64)
    /// A number with a fraction: `units` of the last of `places` decimals, 1 to 9 of them.
    case decimal(units: Int64, places: Int)
    /// Text.
    case string(String)
    /// A list.
    case array([JSONValue])
    /// Keys and values, in this order; keys are unique.
    case object([(String, JSONValue)])

    /// A whole number.
    public static func number(_ value: Int) -> JSONValue { .integer(Int64(value)) }
    /// Text, or `null`.
    public static func optional(_ value: String?) -> JSONValue { value.map(JSONValue.string) ?? .null }

    /// The value as UTF-8 on one line, without a final line break.
    public func compactBytes() -> [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    /// Appends the value as ``compactBytes()`` gives it.
    public func append(to bytes: inout [UInt8]) {
        switch self {
        case .array(let items):
            bytes.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                item.append(to: &bytes)
            }
            bytes.append(UInt8(ascii: "]"))
        case .object(let entries):
            bytes.append(UInt8(ascii: "{"))
            for (index, (key, value)) in entries.enumerated() {
                if index > 0 { bytes.append(UInt8(ascii: ",")) }
                Self.write(key, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                value.append(to: &bytes)
            }
            bytes.append(UInt8(ascii: "}"))
        case .null, .boolean, .integer, .decimal, .string: write(to: &bytes, depth: 0)
        }
    }

    /// The value of a key of an object; nil for other values and missing keys.
    public subscript(key: String) -> JSONValue? {
        guard case .object(let entries) = self else { return nil }
        return entries.first { $0.0 == key }?.1
    }

    /// The keys and values of an object; nil for other values.
    public var entries: [(String, JSONValue)]? {
        if case .object(let entries) = self { entries } else { nil }
    }

    /// The document as UTF-8: two spaces per level, lists and objects without content on one line, a final line break.
    public func document() -> [UInt8] {
        var bytes: [UInt8] = []
        write(to: &bytes, depth: 0)
        bytes.append(UInt8(ascii: "\n"))
        return bytes
    }

    private func write(to bytes: inout [UInt8], depth: Int) {
        switch self {
        case .null: bytes += "null".utf8
        case .boolean(let value): bytes += (value ? "true" : "false").utf8
        case .integer(let value): bytes += String(value).utf8
        case .decimal(let units, let places): bytes += Self.decimalText(units, places).utf8
        case .string(let value): Self.write(value, to: &bytes)
        case .array(let items):
            bytes.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                Self.separate(index, depth, &bytes)
                item.write(to: &bytes, depth: depth + 1)
            }
            Self.close(UInt8(ascii: "]"), items.isEmpty, depth, &bytes)
        case .object(let entries):
            bytes.append(UInt8(ascii: "{"))
            for (index, (key, value)) in entries.enumerated() {
                Self.separate(index, depth, &bytes)
                Self.write(key, to: &bytes)
                bytes += ": ".utf8
                value.write(to: &bytes, depth: depth + 1)
            }
            Self.close(UInt8(ascii: "}"), entries.isEmpty, depth, &bytes)
        }
    }

    /// `1234` of three places is `1.234`, `-5` of one `-0.5`.
    public static func decimalText(_ units: Int64, _ places: Int) -> String {
        let digits = String(units.magnitude)
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.utf8.count)) + digits
        return (units < 0 ? "-" : "") + "\(padded.dropLast(places)).\(padded.suffix(places))"
    }

    private static func separate(_ index: Int, _ depth: Int, _ bytes: inout [UInt8]) {
        if index > 0 { bytes.append(UInt8(ascii: ",")) }
        breakLine(depth + 1, &bytes)
    }

    private static func close(_ bracket: UInt8, _ isEmpty: Bool, _ depth: Int, _ bytes: inout [UInt8]) {
        if !isEmpty { breakLine(depth, &bytes) }
        bytes.append(bracket)
    }

    private static func breakLine(_ depth: Int, _ bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\n"))
        for _ in 0..<depth * 2 { bytes.append(UInt8(ascii: " ")) }
    }

    private static func write(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case UInt8(ascii: "\n"): bytes += "\\n".utf8
            case UInt8(ascii: "\t"): bytes += "\\t".utf8
            case 0..<0x20, 0x7F:
                let digits = Array("0123456789abcdef".utf8)
                bytes += "\\u00".utf8
                bytes += [digits[Int(byte >> 4)], digits[Int(byte & 0xF)]]
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}

extension JSONValue: Equatable {
    /// Compares texts by bytes, and the entries of objects in their order.
    public static func == (left: JSONValue, right: JSONValue) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.boolean(let left), .boolean(let right)): left == right
        case (.integer(let left), .integer(let right)): left == right
        case (.decimal(let left, let places), .decimal(let right, let others)): left == right && places == others
        case (.string(let left), .string(let right)): left.utf8.elementsEqual(right.utf8)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)):
            left.elementsEqual(right) { $0.0.utf8.elementsEqual($1.0.utf8) && $0.1 == $1.1 }
        default: false
        }
    }
}
