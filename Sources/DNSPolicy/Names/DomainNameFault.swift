/// Why a text is no domain name.
public enum DomainNameFault: Error, Hashable, Sendable {
    /// Nothing at all, a dot at the start, or two dots in a row.
    case emptyLabel
    /// A label has more than 63 octets.
    case labelTooLong
    /// The name takes more than 255 octets in a message.
    case nameTooLong
    /// A backslash at this offset in octets that no character, or no three digits up to 255, follow.
    case badEscape(offset: Int)
    /// A control character or space at this offset in octets that is not written as an escape.
    case badCharacter(UInt8, offset: Int)
    /// No internationalised name (RFC 5891, UTS 46), with the reason.
    case notIDNA(String)
}

extension DomainNameFault: CustomStringConvertible {
    /// The reason in one line, lower case, without a full stop and without any part of the text.
    public var description: String {
        switch self {
        case .emptyLabel: "a label of the name is empty"
        case .labelTooLong: "a label of the name has more than 63 octets"
        case .nameTooLong: "the name takes more than 255 octets"
        case .badEscape(let offset): "bad escape at octet \(offset), write \\. or \\\\ or three digits up to \\255"
        case .badCharacter(let octet, let offset): "octet \(octet) at \(offset) must be written as an escape"
        case .notIDNA(let reason): "not an internationalised domain name: \(reason)"
        }
    }
}
