/// The comments around a `[Peer]`, and the name that people and programs wrote there.
struct PeerComments {
    /// A line without a key.
    enum Line {
        case blank
        /// With its `#`, trimmed.
        case comment([UInt8])
    }

    /// Between the key before and `[Peer]`.
    var above: [Line] = []
    /// Between and behind the keys of the peer.
    var inside: [Line] = []

    /// The name: what is marked as one (`# Name = x`, `### Client x`, `# BEGIN_PEER x`), else the comment that stands
    /// directly above, else the first one inside.
    var name: String? {
        let all = (above + inside).compactMap(Self.content)
        return all.lazy.compactMap(Self.marked).first ?? all.lazy.compactMap(Self.named).first ?? directlyAbove
            ?? inside.lazy.compactMap(Self.content).first { Self.isFree($0) }.map(\.text)
    }

    private struct Content {
        /// How many `#` begin the line.
        let marks: Int
        let text: String
    }

    /// The words of a comment; nil for a blank line and for what may hold a key, which no name does.
    private static func content(_ line: Line) -> Content? {
        guard case .comment(let bytes) = line, !KeyMask.mayHoldKey(bytes) else { return nil }
        let marks = bytes.prefix { $0 == UInt8(ascii: "#") }.count
        var text = bytes[marks...].trimmed
        // `### begin x ###`; behind a single mark the name itself may end so.
        while marks > 1, text.last == UInt8(ascii: "#") { text.removeLast() }
        return Content(marks: marks, text: text.trimmed.text)
    }

    /// Programs' own marks: `BEGIN_PEER x`, `begin x ###`, `### Client x`.
    private static func marked(_ content: Content) -> String? {
        let words = content.text.split(separator: " ", maxSplits: 1)
        guard words.count == 2, let first = words.first?.lowercased() else { return nil }
        let rest = String(words[1])
        switch first {
        case "begin_peer", "begin_client": return rest
        case "begin" where content.marks >= 3: return rest
        case "client" where content.marks >= 3: return rest
        default: return nil
        }
    }

    private static let nameKeys: Set<String> = [
        "name", "friendly_name", "friendly name", "display name", "peer name", "client name", "client", "peer", "user",
        "username", "device", "hostname", "host", "alias", "label",
    ]

    /// `Name = x`, `friendly_name=x`, `Client: x (id)`, `-WGP- Display name: x`.
    private static func named(_ content: Content) -> String? {
        guard let split = content.text.firstIndex(where: { $0 == "=" || $0 == ":" }) else { return nil }
        var key = content.text[..<split].lowercased()
        if key.hasPrefix("-wgp-") { key = String(key.dropFirst(5)) }
        key = String(key.filter { $0 != "#" })
        key = trimmed(key)
        guard nameKeys.contains(key) else { return nil }
        let value = trimmed(String(content.text[content.text.index(after: split)...]))
        let name = key == "client" ? withoutIdentifier(value) : value
        return name.isEmpty ? nil : name
    }

    /// Without the identifier in parentheses that wg-easy writes behind the name.
    private static func withoutIdentifier(_ text: String) -> String {
        guard text.hasSuffix(")"), let open = text.lastIndex(of: "(") else { return text }
        let inner = text[text.index(after: open)...].dropLast()
        let isIdentifier = inner.utf8.count >= 8 && inner.allSatisfy { $0.isHexDigit || $0 == "-" }
        return isIdentifier ? trimmed(String(text[..<open])) : text
    }

    /// The first line of the comment that touches `[Peer]`, leaving out a peer that was commented out above it.
    private var directlyAbove: String? {
        var name: String?
        for line in above.reversed() {
            guard case .comment = line, let content = Self.content(line) else { break }
            guard Self.isFree(content) else {
                if Self.isConfiguration(content.text) { break }
                continue
            }
            name = content.text
        }
        return name
    }

    private static func isFree(_ content: Content) -> Bool {
        guard (1...64).contains(content.text.unicodeScalars.count), !isConfiguration(content.text) else { return false }
        let first = content.text.split(separator: " ").first.map { $0.lowercased() } ?? ""
        let isEnd = ["end", "end_peer", "end_client"].contains(first)
        return !isEnd && content.text.contains { $0.isLetter || $0.isNumber }
    }

    private static let keys: Set<String> = [
        "privatekey", "publickey", "presharedkey", "allowedips", "endpoint", "persistentkeepalive", "address", "dns",
        "listenport", "mtu", "table", "fwmark", "saveconfig", "preup", "postup", "predown", "postdown",
    ]

    /// A line of a configuration that was commented out.
    private static func isConfiguration(_ text: String) -> Bool {
        if text.hasPrefix("[") { return true }
        guard let equals = text.firstIndex(of: "=") else { return false }
        return keys.contains(trimmed(text[..<equals].lowercased()))
    }

    private static func trimmed(_ text: String) -> String { Array(text.utf8)[...].trimmed.text }
}
