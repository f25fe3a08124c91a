import Model

/// What stands behind `domain:` of a rule: `name`, `=name`, `*.name` or `/regex/`.
///
/// Only the form is looked at: whether a regular expression can be used, and a name that is not ASCII, is for
/// ``DNSRuleSyntax``.
enum DNSRuleDomain {
    static let allowed = "a name such as ads.example.com, =name, *.name or /regex/"
    static let maximumLength = 1024

    static func isValid(_ text: String) -> Bool {
        guard text.unicodeScalars.count <= maximumLength else { return false }
        if text.utf8.first == UInt8(ascii: "/") { return isPattern(text) }
        for mark in ["=", "*."] where text.utf8.starts(with: mark.utf8) {
            return isName(text.unicodeScalars.dropFirst(mark.utf8.count))
        }
        return isName(text.unicodeScalars[...])
    }

    /// Something between two slashes.
    private static func isPattern(_ text: String) -> Bool {
        text.utf8.count > 2 && text.utf8.last == UInt8(ascii: "/")
            && text.unicodeScalars.allSatisfy { !FreeText.isControl($0) }
    }

    /// Labels of 1 to 63 letters, digits, `-` and `_`, the last of them no number; a dot may end it.
    private static func isName(_ text: Substring.UnicodeScalarView) -> Bool {
        var labels = text.split(separator: ".", omittingEmptySubsequences: false)[...]
        if labels.count > 1, labels.last?.isEmpty == true { labels.removeLast() }
        let length = labels.reduce(labels.count - 1) { $0 + $1.count }
        guard length <= 253, labels.allSatisfy({ (1...63).contains($0.count) && $0.allSatisfy(isLetter) }) else {
            return false
        }
        return labels.last?.contains { !("0"..."9").contains($0) } ?? false
    }

    /// A letter or digit, also of another script, `-` or `_`.
    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case ..<0x80:
            InterfaceName.isAlphanumeric(UInt8(scalar.value)) || scalar == "-" || scalar == "_"
        case ...0xA0, 0x2028, 0x2029: false
        default: true
        }
    }

    static func hint(_ text: String) -> String? {
        if text.hasPrefix("||") || text.hasPrefix("@@") {
            return "lines in AdBlock syntax go into adblock: of kind: DNSRules"
        }
        if text.utf8.first == UInt8(ascii: "."), isName(text.unicodeScalars.dropFirst()) {
            return "write *\(text) for the names below it, or \(text.dropFirst()) for it and them"
        }
        if IPAddress(text) != nil { return "rules are about names, not addresses" }
        if let scheme = text.firstRange(of: "://") {
            let host = text[scheme.upperBound...].prefix { !"/:?#".contains($0) }
            return isName(host.unicodeScalars) ? "write \(host)" : nil
        }
        if text.utf8.contains(UInt8(ascii: "*")) { return "write a regular expression: /^ads[0-9]+[.]example[.]com$/" }
        return nil
    }
}
