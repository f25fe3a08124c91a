import Model

extension FieldType where Value == String {
    /// The digest of a change or a refusal; plans show its first 12 digits.
    static var digest: FieldType {
        FieldType(string: "digest", allowed: "12 to 64 hexadecimal digits in lower case, as a plan shows them") {
            text in
            (12...64).contains(text.utf8.count) && text.utf8.allSatisfy(isDigit) ? text : nil
        }
    }

    /// The fingerprint of a finding.
    static var fingerprint: FieldType {
        FieldType(string: "fingerprint", allowed: "16 hexadecimal digits in lower case, as a report shows them") {
            text in
            text.utf8.count == 16 && text.utf8.allSatisfy(isDigit) ? text : nil
        }
    }

    /// Why somebody consents; never empty.
    static var reason: FieldType {
        FieldType(
            string: "reason",
            allowed: "a text of 1 to \(FreeText.maximumLength) characters without control characters"
        ) { text in !text.isEmpty && FreeText.isValid(text) ? text : nil }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}
