/// Texts of a file that somebody else made.
enum GeoText {
    /// The most octets of a text that are kept.
    static let longest = 200

    /// The text without control characters, which would reach terminals and reports.
    static func clean(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var clean = String.UnicodeScalarView()
        for scalar in text.unicodeScalars { clean.append(isControl(scalar) ? " " : scalar) }
        return String(clean)
    }

    /// The text as an ISO 3166-1 alpha-2 code; nil: it can't be one.
    static func countryCode(_ text: String) -> String? {
        let octets = Array(text.utf8)
        let isCode =
            octets.count == 2 && octets.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0 & 0xDF) }
        return isCode ? String(decoding: octets.map { $0 & 0xDF }, as: UTF8.self) : nil
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .control
    }
}
