/// Text from outside made safe to show: names of foreign links and messages of programs may hold anything.
public enum TerminalText {
    /// `text` with control, bidirectional and line-separating characters written as `\u{…}`, so that it can neither
    /// drive the terminal nor pretend to be another line.
    public static func escaped(_ text: String) -> String {
        // Most texts are plain ASCII, and every line of the log comes here.
        if text.utf8.allSatisfy({ 0x20..<0x7F ~= $0 }) { return text }
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if isUnsafe(scalar) {
                result += "\\u{\(String(scalar.value, radix: 16))}"
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0: true
        case 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}
