/// Labels of DNS names (RFC 1123) made from display names.
enum DNSLabel {
    static let maximumLength = 63

    /// 1-63 lower-case letters, digits and hyphens, no hyphen at the ends.
    static func isValid(_ text: String) -> Bool {
        guard (1...maximumLength).contains(text.utf8.count) else { return false }
        guard text.utf8.first != UInt8(ascii: "-"), text.utf8.last != UInt8(ascii: "-") else { return false }
        return text.utf8.allSatisfy(isLabelByte)
    }

    private static func isLabelByte(_ byte: UInt8) -> Bool {
        (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z")) || (byte >= 48 && byte <= 57)
            || byte == UInt8(ascii: "-")
    }

    /// The name in lower case, folded to ASCII, apostrophes dropped, other runs one hyphen, trimmed, at most 63 bytes;
    /// empty if nothing is left.
    static func derived(from name: String) -> String {
        var label: [UInt8] = []
        label.reserveCapacity(name.utf8.count)
        if name.utf8.allSatisfy({ $0 < 0x80 }) {
            for byte in name.utf8 { append(byte, to: &label) }
        } else {
            for scalar in name.unicodeScalars { append(scalar, to: &label) }
        }
        if label.count > maximumLength { label.removeSubrange(maximumLength...) }
        while label.last == UInt8(ascii: "-") { label.removeLast() }
        return String(decoding: label, as: UTF8.self)
    }

    private static func append(_ byte: UInt8, to label: inout [UInt8]) {
        if InterfaceName.isLetter(byte) {
            label.append(byte | 0x20)
        } else if byte >= 48 && byte <= 57 {
            label.append(byte)
        } else if byte != UInt8(ascii: "'"), !label.isEmpty, label.last != UInt8(ascii: "-") {
            label.append(UInt8(ascii: "-"))
        }
    }

    private static func append(_ scalar: Unicode.Scalar, to label: inout [UInt8]) {
        if scalar.value < 0x80 { return append(UInt8(scalar.value), to: &label) }
        // ’ and ʼ are apostrophes too.
        if scalar.value == 0x2019 || scalar.value == 0x02BC { return }
        if scalar.properties.generalCategory == .nonspacingMark { return }
        guard let folded = latin(scalar) else { return append(UInt8(ascii: "-"), to: &label) }
        for byte in folded.utf8 { append(byte, to: &label) }
    }

    /// The ASCII letters of a Latin letter, taken from its Unicode name: `LATIN SMALL LETTER E WITH ACUTE` is `E`.
    private static func latin(_ scalar: Unicode.Scalar) -> String? {
        guard let name = scalar.properties.name, name.hasPrefix("LATIN ") else { return nil }
        let words = name.split(separator: " ")
        guard words.count >= 4, words[2] == "LETTER" || words[2] == "LIGATURE" else { return nil }
        guard words.count == 4 || words[4] == "WITH" || words[3] == "SHARP" else { return nil }
        switch words[3] {
        case "SHARP": return "ss"
        case "THORN": return "th"
        case "ETH": return "d"
        case "DOTLESS": return words.count > 4 ? String(words[4]) : nil
        default: return words[3].utf8.count <= 2 ? String(words[3]) : nil
        }
    }
}
