import Model

/// Addresses that blocklists are fetched from: `https://host[:port][/path][?query]`.
enum ListAddress {
    static let maximumLength = 2048
    private static let scheme = "https://"

    /// Printable ASCII that may stand in an address, without user, password and fragment.
    static func isValid(_ text: String) -> Bool {
        guard text.utf8.count <= maximumLength, text.utf8.starts(with: scheme.utf8) else { return false }
        guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"\"#<>\\^`{|}".utf8.contains($0) }) else {
            return false
        }
        let host = String(Substring(authority(text)))
        // With any port it is what it would be without.
        return Endpoint(host) != nil || Endpoint(host + ":1") != nil
    }

    /// Whether a user or password stands in it: it must not be shown.
    static func holdsCredentials(_ text: String) -> Bool { authority(text).contains(UInt8(ascii: "@")) }

    /// What stands between `//` and the path.
    private static func authority(_ text: String) -> Substring.UTF8View {
        let bytes = text.utf8
        let start = bytes.firstRange(of: "//".utf8)?.upperBound ?? bytes.startIndex
        return bytes[start...].prefix { !"/?#".utf8.contains($0) }
    }

    static func hint(_ text: String) -> String? {
        if text.lowercased().hasPrefix("http://") {
            return "write https://: what is fetched in plain text anybody on the way can change"
        }
        return text.utf8.contains(UInt8(ascii: "#")) ? "leave out what begins with #" : nil
    }
}
