private import Model

/// A line of the formats `domains` and `wildcard_domains`: one name, then perhaps a comment.
enum NameLine {
    static func read(_ line: ArraySlice<UInt8>, includesBelow: Bool) throws(LineFault) -> ListLine {
        let words = ListLine.words(line)
        guard var text = words.first, words.count == 1 else {
            throw LineFault(.badName, "\(Printable.text(line)) is not one domain name")
        }
        if includesBelow, text.starts(with: "*.".utf8) { text = text.dropFirst(2) }
        let name = try ListLine.name(text)
        guard !isAddress(text), name != .root else {
            throw LineFault(.badName, "\(Printable.text(text)) is not a domain name")
        }
        return .names([includesBelow ? .subtree(name) : .exact(name)])
    }

    /// An IPv4 or IPv6 address has the form of a name in part, and never is one.
    static func isAddress(_ text: ArraySlice<UInt8>) -> Bool { IPAddress(String(decoding: text, as: UTF8.self)) != nil }
}
