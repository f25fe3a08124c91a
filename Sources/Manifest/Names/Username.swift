/// Names of users: 3 to 32 letters, digits, `.`, `_` and `-`, beginning with a letter or digit. `me` is none, so that it
/// can stand for oneself.
enum Username {
    static func isValid(_ text: String) -> Bool {
        guard let first = text.utf8.first, (3...32).contains(text.utf8.count), InterfaceName.isAlphanumeric(first)
        else {
            return false
        }
        return text.utf8.allSatisfy { InterfaceName.isAlphanumeric($0) || "_.-".utf8.contains($0) }
    }
}
