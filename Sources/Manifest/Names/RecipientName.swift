/// Names of recipients of sealed values: letters, digits, `_`, `.` and `-`, at most 63, beginning with a letter or digit.
enum RecipientName {
    static func isValid(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 63, InterfaceName.isAlphanumeric(first) else {
            return false
        }
        return text.utf8.allSatisfy { InterfaceName.isAlphanumeric($0) || "_.-".utf8.contains($0) }
    }
}
