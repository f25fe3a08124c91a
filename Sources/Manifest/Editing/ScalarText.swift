/// How a single value is written so that YAML 1.2 and 1.1 readers read it back as what it is.
enum ScalarText {
    /// A text in the wished style if that can hold it, else in double quotes.
    static func string(_ text: String, style: Scalar.Style, inFlow: Bool, quote: Scalar.Style) -> String {
        let style = style == .plain && !isPlain(text, inFlow: inFlow) ? quote : style
        switch style {
        case .plain: return text
        case .single where isPrintable(text): return "'" + text.replacing("'", with: "''") + "'"
        default: return double(text)
        }
    }

    /// In double quotes; every escape up to U+FFFF is one of JSON too.
    static func double(_ text: String, json: Bool = false) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            default:
                if isPrintable(scalar) {
                    result.unicodeScalars.append(scalar)
                } else if scalar.value <= 0xFFFF {
                    result += "\\u" + hex(scalar.value, 4)
                } else if json {
                    let units = Array(String(scalar).utf16)
                    result += units.map { "\\u" + hex(UInt32($0), 4) }.joined()
                } else {
                    result += "\\U" + hex(scalar.value, 8)
                }
            }
        }
        return result + "\""
    }

    private static func hex(_ value: UInt32, _ digits: Int) -> String {
        let hex = String(value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - hex.count)) + hex
    }

    private static func isPrintable(_ text: String) -> Bool { text.unicodeScalars.allSatisfy(isPrintable) }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value < 0x7F { return scalar.value >= 0x20 }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: return false
        default: return true
        }
    }

    // MARK: - Plain

    /// Whether a text without quotes is read as the same text.
    static func isPlain(_ text: String, inFlow: Bool) -> Bool {
        let bytes = Array(text.utf8)
        guard let first = bytes.first, let last = bytes.last, bytes.count <= 1000 else { return false }
        if " -?:,[]{}#&*!|>'\"%@`=<".utf8.contains(first) || last == UInt8(ascii: " ") || last == UInt8(ascii: ":") {
            return false
        }
        guard isPrintable(text), !bytes.starts(with: "...".utf8) else { return false }
        for index in bytes.indices {
            let byte = bytes[index]
            if inFlow, ":,[]{}".utf8.contains(byte) { return false }
            if byte == UInt8(ascii: ":"), bytes[index + 1] == UInt8(ascii: " ") { return false }
            if byte == UInt8(ascii: "#"), bytes[index - 1] == UInt8(ascii: " ") { return false }
        }
        return ScalarValue(plain: text) == .string && !isWord(text) && !isNumberLike(bytes) && !isTimestamp(bytes)
    }

    /// Words that a YAML 1.1 reader takes for a boolean.
    private static func isWord(_ text: String) -> Bool {
        guard text.utf8.count <= 5 else { return false }
        return ["y", "n", "yes", "no", "on", "off", "true", "false", "null"].contains(text.lowercased())
    }

    /// What a YAML 1.1 reader takes for a number: also `0b1`, `1_000`, `1:30` and `0x_f`.
    private static func isNumberLike(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        guard let first = rest.first, first == UInt8(ascii: ".") || isDigit(first) || first == UInt8(ascii: "_") else {
            return false
        }
        if first == UInt8(ascii: "0"), let second = rest.dropFirst().first, "xXbBoO".utf8.contains(second) {
            return rest.dropFirst(2).allSatisfy { InterfaceName.isAlphanumeric($0) || $0 == UInt8(ascii: "_") }
        }
        let points = rest.count { $0 == UInt8(ascii: ".") }
        guard points <= 1 else { return false }
        let mantissa = rest.prefix { $0 | 0x20 != UInt8(ascii: "e") }
        let exponent = rest.dropFirst(mantissa.count + 1)
        return mantissa.allSatisfy { isDigit($0) || "_:.".utf8.contains($0) }
            && exponent.allSatisfy { isDigit($0) || "+-_".utf8.contains($0) }
    }

    /// `2027-01-01`, alone or with a time.
    static func isTimestamp(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 8, bytes[..<4].allSatisfy(isDigit), bytes[4] == UInt8(ascii: "-") else { return false }
        let rest = bytes[5...].drop(while: isDigit)
        guard rest.first == UInt8(ascii: "-"), let next = rest.dropFirst().first else { return false }
        return isDigit(next)
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
}
