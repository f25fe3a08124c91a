/// Turns text from a file into text that is safe to show.
enum Printable {
    /// The text with every control, format, separator and unassigned character written as `\u{hex}`.
    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isHidden) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if isHidden(scalar) {
                result += "\\u{" + String(scalar.value, radix: 16) + "}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// The text in double quotes, shortened to 64 Unicode scalars.
    static func quoted(_ text: String) -> String {
        let text = text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"")
        let shown = "\"" + shortened(text) + "\""
        return isLong(text) ? "\(shown) (\(text.unicodeScalars.count) characters)" : shown
    }

    /// The text without hidden characters, its tail cut off when it has more than 64 Unicode scalars.
    static func shortened(_ text: String) -> String {
        guard isLong(text) else { return escaped(text) }
        var head = ""
        head.unicodeScalars.append(contentsOf: text.unicodeScalars.prefix(48))
        return escaped(head) + "…"
    }

    private static func isLong(_ text: String) -> Bool {
        text.utf8.count > 64 && text.unicodeScalars.count > 64
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value >= 0x20 && scalar.value < 0x7F { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: return true
        default: return false
        }
    }
}
