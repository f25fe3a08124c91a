/// Text inside of XML 1.0.
enum XMLText {
    /// The text with what markup is made of as entities, and characters that no XML may hold as `\u{…}`; fit for
    /// attributes in double quotes too.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "\n": result += "&#10;"
            case "\u{FFFE}", "\u{FFFF}": result += "\\u{\(String(scalar.value, radix: 16))}"
            default:
                if scalar.value < 0x20 || 0x7F..<0xA0 ~= scalar.value {
                    result += "\\u{\(String(scalar.value, radix: 16))}"
                } else {
                    result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }
}
