/// The text of modifiers: separators inside quotes or after a backslash are none.
enum ModifierText {
    /// The parts between separators, empty ones included; quotes and backslashes stay.
    ///
    /// - Throws: ``LineFault`` for a quote that is not closed and a backslash at the end: they would take what follows, other
    ///   modifiers too, into their value.
    static func split(_ text: ArraySlice<UInt8>, at separator: UInt8) throws(LineFault) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        var start = text.startIndex
        var index = text.startIndex
        var quote: UInt8?
        while index < text.endIndex {
            let byte = text[index]
            if byte == UInt8(ascii: "\\") {
                index += 1
            } else if let open = quote {
                if byte == open { quote = nil }
            } else if isQuote(byte), beginsValue(text, index) {
                quote = byte
            } else if byte == separator {
                parts.append(text[start..<index])
                start = index + 1
            }
            index += 1
        }
        guard quote == nil, index == text.endIndex else {
            throw LineFault(
                .badModifier, "\(Printable.text(text)) has a quote that is not closed, or ends in a backslash")
        }
        parts.append(text[start...])
        return parts
    }

    /// The value without its quotes and with its escapes resolved.
    static func unquoted(_ text: ArraySlice<UInt8>) -> String {
        var text = text
        if text.count > 1, let first = text.first, isQuote(first), text.last == first {
            text = text.dropFirst().dropLast()
        }
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in text {
            if byte == UInt8(ascii: "\\"), !isEscaped {
                isEscaped = true
            } else {
                bytes.append(byte)
                isEscaped = false
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "'") || byte == UInt8(ascii: "\"") }

    /// A quote in the middle of a name, as in John's, begins nothing.
    private static func beginsValue(_ text: ArraySlice<UInt8>, _ index: Int) -> Bool {
        guard index > text.startIndex else { return true }
        return "=|~,".utf8.contains(text[index - 1])
    }
}
