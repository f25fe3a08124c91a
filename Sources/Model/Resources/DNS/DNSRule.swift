/// A rule about names, as `kind: DNSRule` or an element of `kind: DNSRules` declares it.
public struct DNSRule: Sendable, Equatable {
    /// What happens to the names.
    public enum Action: String, Sendable, Hashable, CaseIterable {
        /// They are answered as blocked.
        case block
        /// They are answered, whatever a list says.
        case allow
        /// They are answered with the rule's answer.
        case rewrite
    }

    /// The stable id when the document gives one, a lower-case UUID.
    public var id: String?
    /// What happens.
    public var action: Action
    /// The names as they are written: `name` (and all below), `=name` (alone), `*.name` (only below) or `/regex/`.
    public var domain: String
    /// Whose queries it is about; nil: everybody's.
    public var client: DNSClient?
    /// The answer of a rewrite; nil for the other actions.
    public var answer: DNSAnswer?
    /// Why it is there; free text.
    public var comment = ""
    /// When it stops to count; it is not deleted.
    public var expiresAt: Timestamp?
    /// Where the rule begins.
    public var location: SourceLocation

    /// A rule with the required fields.
    public init(action: Action, domain: String, location: SourceLocation) {
        self.action = action
        self.domain = domain
        self.location = location
    }

    /// Whether ``domain`` is a regular expression.
    public var isPattern: Bool { domain.utf8.first == UInt8(ascii: "/") }

    /// The domain in the form that is equal for equal names: without a trailing dot, ASCII letters in lower case; a
    /// regular expression as it is.
    public var foldedDomain: String {
        guard !isPattern, !isFolded else { return domain }
        var bytes = domain.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
        if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension DNSRule {
    /// Whether ``domain`` is written as it is folded: most are.
    private var isFolded: Bool {
        var last: UInt8 = 0
        for byte in domain.utf8 {
            if byte >= UInt8(ascii: "A"), byte <= UInt8(ascii: "Z") { return false }
            last = byte
        }
        return last != UInt8(ascii: ".")
    }
}

extension DNSRule: CustomStringConvertible {
    /// What it does: `block ads.example.com for wg0/phone`, `rewrite nas.example.com to 10.8.0.7`.
    public var description: String {
        "\(action.rawValue) \(domain)" + (answer.map { " to \($0)" } ?? "") + (client.map { " for \($0)" } ?? "")
    }
}
