import Model
import Reconciler

/// Pieces of SVG.
enum SVGText {
    /// Text as XML holds it, in elements and in attributes. What XML or a screen can't show is written out.
    static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in TerminalText.escaped(text).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\u{FFFE}", "\u{FFFF}": result.unicodeScalars.append("\u{FFFD}")
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// A coordinate with two decimals.
    static func number(_ value: Double) -> String { JSONValue.decimalText(Int64((value * 100).rounded()), 2) }
}
