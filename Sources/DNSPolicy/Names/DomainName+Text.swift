extension DomainName {
    /// Parses a name as text; the rules of ``init(text:)-(Span<UInt8>)``.
    public init(text: String) throws(DomainNameFault) {
        try self.init(text: Array(text.utf8))
    }

    /// Parses a name from UTF-8; the rules of ``init(text:)-(Span<UInt8>)``.
    public init(text: [UInt8]) throws(DomainNameFault) {
        let text = text.span
        try self.init(text: text)
    }

    /// Parses a name from UTF-8 as master files write it (RFC 1035 5.1), with or without the final dot: `\.` is an
    /// octet that separates nothing, `\DDD` the octet of that decimal value. Letters are folded to lower case.
    ///
    /// A name with characters beyond ASCII is turned into its A-labels (RFC 5891 lookup, UTS 46 non-transitional); no
    /// escape may stand in it. An `xn--` label written as such is taken as it is.
    public init(text: Span<UInt8>) throws(DomainNameFault) {
        for index in text.indices where text[index] >= 0x80 {
            let ascii = try Self.asciiForm(of: text)
            octets = try Self.octets(of: ascii.span)
            return
        }
        octets = try Self.octets(of: text)
    }

    private static let dot = UInt8(ascii: ".")
    private static let backslash = UInt8(ascii: "\\")

    private static func octets(of text: Span<UInt8>) throws(DomainNameFault) -> [UInt8] {
        guard !text.isEmpty else { throw .emptyLabel }
        if text.count == 1, text[0] == dot { return root.octets }
        // The length octet of the label being read, which is written when its dot comes.
        var start = 0
        var octets: [UInt8] = [0]
        octets.reserveCapacity(min(text.count + 2, maximumLength))
        var offset = 0
        while offset < text.count {
            var octet = text[offset]
            if octet == dot {
                octets[start] = try length(ofLabel: octets.count - start - 1)
                start = octets.count
                octets.append(0)
                offset += 1
            } else {
                if octet == backslash {
                    octet = try escape(in: text, at: &offset)
                } else if octet <= 0x20 || octet == 0x7F {
                    throw .badCharacter(octet, offset: offset)
                } else {
                    offset += 1
                }
                octets.append(octet.foldedASCII)
            }
            // A text of any length costs no more than this.
            guard octets.count <= maximumLength else {
                throw octets.count - start - 1 > maximumLabelLength ? .labelTooLong : .nameTooLong
            }
        }
        // Behind a final dot the octet that would hold a length is the root's.
        guard start < octets.count - 1 else { return octets }
        octets[start] = try length(ofLabel: octets.count - start - 1)
        guard octets.count < maximumLength else { throw .nameTooLong }
        octets.append(0)
        return octets
    }

    private static func length(ofLabel count: Int) throws(DomainNameFault) -> UInt8 {
        guard count > 0 else { throw .emptyLabel }
        guard count <= maximumLabelLength else { throw .labelTooLong }
        return UInt8(count)
    }

    /// Reads `\X` or `\DDD` and moves behind it.
    private static func escape(in text: Span<UInt8>, at offset: inout Int) throws(DomainNameFault) -> UInt8 {
        let start = offset
        guard start + 1 < text.count else { throw .badEscape(offset: start) }
        guard isDigit(text[start + 1]) else {
            // Behind a backslash a space may stand, a line break or another control character may not.
            guard text[start + 1] >= 0x20, text[start + 1] != 0x7F else { throw .badEscape(offset: start) }
            offset += 2
            return text[start + 1]
        }
        guard start + 3 < text.count else { throw .badEscape(offset: start) }
        var value = 0
        for index in start + 1...start + 3 {
            guard isDigit(text[index]) else { throw .badEscape(offset: start) }
            value = value * 10 + Int(text[index] - UInt8(ascii: "0"))
        }
        guard value <= 255 else { throw .badEscape(offset: start) }
        offset += 4
        return UInt8(value)
    }

    private static func isDigit(_ octet: UInt8) -> Bool { octet &- UInt8(ascii: "0") < 10 }
}

extension DomainName: CustomStringConvertible {
    /// The name as text without the final dot, `.` for the root: printing ASCII only, so that it can stand in a log.
    ///
    /// A dot or backslash in a label stands behind a backslash, a space and any octet beyond printing ASCII as `\DDD`.
    public var description: String {
        if isRoot { return "." }
        return plainText ?? escapedText
    }

    /// The text if no octet needs a backslash, as is so for nearly every name; nil otherwise.
    private var plainText: String? {
        var isPlain = true
        let text = unsafe String(unsafeUninitializedCapacity: octets.count - 2) { text in
            var end = Int(octets[0])
            for index in 1..<octets.count - 1 {
                let octet = octets[index]
                if index == end + 1 {
                    end = index + Int(octet)
                    unsafe text[index - 1] = Self.dot
                } else {
                    isPlain = isPlain && octet &- 0x21 < 0x5E && octet != Self.dot && octet != Self.backslash
                    unsafe text[index - 1] = octet
                }
            }
            // What is no text is thrown away: octets beyond ASCII would have to be repaired.
            return isPlain ? octets.count - 2 : 0
        }
        return isPlain ? text : nil
    }

    private var escapedText: String {
        var text: [UInt8] = []
        text.reserveCapacity(octets.count)
        for start in labelStarts {
            if start > 0 { text.append(Self.dot) }
            for octet in octets[(start + 1)...(start + Int(octets[start]))] {
                switch octet {
                case Self.dot, Self.backslash:
                    text.append(Self.backslash)
                    text.append(octet)
                case 0x21...0x7E:
                    text.append(octet)
                default:
                    text.append(Self.backslash)
                    for digit in [octet / 100, octet / 10 % 10, octet % 10] { text.append(UInt8(ascii: "0") + digit) }
                }
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
