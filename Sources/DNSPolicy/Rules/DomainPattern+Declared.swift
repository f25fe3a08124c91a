extension DomainPattern {
    /// The pattern of a declared rule: `name` and all below it, `=name` alone, `*.name` only below, `/regex/`.
    ///
    /// - Throws: ``LineFault`` if it is none of these, or an expression that RE2 refuses or that matches every name.
    init(declared text: String) throws(LineFault) {
        let bytes = Array(text.utf8)[...]
        switch bytes.first {
        case UInt8(ascii: "/"):
            guard bytes.count > 2, bytes.last == UInt8(ascii: "/") else {
                throw LineFault(.badExpression, "a regular expression stands between two slashes")
            }
            let expression = String(decoding: bytes.dropFirst().dropLast(), as: UTF8.self)
            self = .expression(try DomainExpression.checked(expression))
        case UInt8(ascii: "="): self = .exact(try Self.name(bytes.dropFirst()))
        case UInt8(ascii: "*") where bytes.starts(with: "*.".utf8): self = .below(try Self.name(bytes.dropFirst(2)))
        default: self = .subtree(try Self.name(bytes))
        }
    }

    private static func name(_ text: ArraySlice<UInt8>) throws(LineFault) -> DomainName {
        guard !text.contains(UInt8(ascii: "*")) else {
            throw LineFault(.badName, "\(Printable.text(text)): a mask is written as a line of an adblock block")
        }
        let name = try ListLine.name(text)
        guard !name.isRoot else { throw LineFault(.tooWide, "the root of all names can't be meant") }
        return name
    }
}
