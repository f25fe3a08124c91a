import Model

/// Addresses that messages are posted to: `https://host[:port][/path][?query]`, or the same with `http`.
enum ReceiverAddress {
    static let maximumLength = 2048

    /// Printable ASCII that may stand in an address, without user, password and fragment.
    static func isValid(_ text: String) -> Bool {
        guard let scheme = ["https://", "http://"].first(where: { text.utf8.starts(with: $0.utf8) }) else {
            return false
        }
        // What follows the scheme is held to the same rule as the address of a list.
        return text.utf8.count <= maximumLength && ListAddress.isValid("https://" + text.dropFirst(scheme.count))
    }

    /// What to write instead of a refused address; tells nothing of it.
    static func hint(_ text: String) -> String? {
        if text.utf8.contains(UInt8(ascii: "#")) { return "leave out what begins with #" }
        if ListAddress.holdsCredentials(text) {
            return "leave out user and password: a token belongs into the path, a key into secret"
        }
        return text.contains("…") ? "write the whole address: what is shown leaves out its path" : nil
    }
}
