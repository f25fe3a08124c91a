/// Descriptions.
enum FreeText {
    static let maximumLength = 1024

    /// At most 1024 Unicode scalars, no control characters but line breaks and tabs.
    static func isValid(_ text: String) -> Bool {
        guard text.utf8.count <= 4 * maximumLength, text.unicodeScalars.count <= maximumLength else { return false }
        return text.unicodeScalars.allSatisfy { !isControl($0) || $0 == "\n" || $0 == "\t" }
    }

    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
    }
}
