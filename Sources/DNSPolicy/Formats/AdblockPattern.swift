/// The pattern of a rule: anchors, masks and regular expressions, turned into the names it is about.
///
/// `||` begins at a label, `|` begins or ends the name, `^` is where a name ends, `*` is anything; what has no anchor
/// matches anywhere. A bare name is that name alone.
enum AdblockPattern {
    /// What a name in a pattern is written with: letters, digits, hyphen, underscore and dots.
    static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    /// - Parameter mayMatchAll: whether modifiers limit the rule, so that a mask for every name has a use.
    static func read(_ text: ArraySlice<UInt8>, mayMatchAll: Bool) throws(LineFault) -> DomainPattern {
        if text.first == UInt8(ascii: "/") { return try expression(text, mayMatchAll: mayMatchAll) }
        let anchors = Anchors(text)
        let body = anchors.body
        if body.contains(UInt8(ascii: "/")) || body.contains(UInt8(ascii: "?")) {
            throw LineFault(.address, "a rule for addresses of pages has no use for names")
        }
        if body.contains(UInt8(ascii: "^")) || body.contains(UInt8(ascii: "|")) {
            throw LineFault(.matchesNothing, "a separator within the pattern matches no name")
        }
        if let pattern = try anchors.namePattern() { return pattern }
        let literals = body.filter { $0 != UInt8(ascii: "*") && $0 != UInt8(ascii: ".") }
        guard mayMatchAll || !literals.isEmpty else {
            throw LineFault(.tooWide, "\(Printable.text(text)) would match every name")
        }
        return .expression(try anchors.expression())
    }

    private static func expression(_ text: ArraySlice<UInt8>, mayMatchAll: Bool) throws(LineFault) -> DomainPattern {
        guard text.count > 2, text.last == UInt8(ascii: "/") else {
            throw LineFault(.address, "a rule for addresses of pages has no use for names")
        }
        let pattern = String(decoding: text.dropFirst().dropLast(), as: UTF8.self)
        return .expression(try DomainExpression.checked(pattern, mayMatchAll: mayMatchAll))
    }
}
