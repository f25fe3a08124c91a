/// Labels of objects.
enum Label {
    static let maximumCount = 64
    static let allowedKey = "1 to 63 letters, digits, _ . / or -, starting with a letter or digit"
    static let allowedValue = "a text of at most 256 characters in one line"

    static func isKey(_ text: String) -> Bool {
        guard (1...63).contains(text.utf8.count), let first = text.utf8.first, InterfaceName.isAlphanumeric(first)
        else {
            return false
        }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: "-"): true
            default: InterfaceName.isAlphanumeric(byte)
            }
        }
    }

    static func isValue(_ text: String) -> Bool {
        text.unicodeScalars.count <= 256 && text.unicodeScalars.allSatisfy { !FreeText.isControl($0) }
    }
}
