internal import Model

extension RecordType: CustomStringConvertible {
    /// Parses IANA's mnemonic or `TYPE65280` (RFC 3597), case not minded; `*` is ANY. Nil for anything else.
    public init?(text: String) {
        let name = text.utf8.count <= 16 ? text.uppercased() : ""
        if name == "*" {
            self = .any
        } else if let value = DNSWords.type(named: name) {
            self.init(rawValue: value)
        } else if name.hasPrefix("TYPE"), case let digits = name.utf8.dropFirst(4), (1...5).contains(digits.count),
            digits.allSatisfy({ (0x30...0x39).contains($0) }), let value = UInt16(Substring(digits))
        {
            self.init(rawValue: value)
        } else {
            return nil
        }
    }

    /// IANA's mnemonic, or `TYPE65280` for a number without one.
    public var description: String { DNSWords.type(rawValue) }
}
