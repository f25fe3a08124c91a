/// One pass over a text: valid UTF-8 (RFC 3629), and no character that hides, breaks lines unexpectedly or drives a
/// terminal.
struct CharacterCheck {
    private(set) var isASCII = true
    private(set) var error: SyntaxError?
    private var offset: Int
    private var line = 1
    private var lineStart: Int
    /// Continuation bytes of the current line, which count no column.
    private var continuations = 0

    init(offset: Int) {
        self.offset = offset
        lineStart = offset
    }

    mutating func run(_ bytes: Span<UInt8>) {
        while offset < bytes.count {
            let byte = bytes[offset]
            if byte >= 0x20 && byte < 0x7F {
                offset += 1
            } else if byte == UInt8(ascii: "\n") {
                offset += 1
                line += 1
                lineStart = offset
                continuations = 0
            } else if byte == UInt8(ascii: "\t") {
                offset += 1
            } else if byte < 0x80 {
                if byte == UInt8(ascii: "\r"), offset + 1 < bytes.count, bytes[offset + 1] == UInt8(ascii: "\n") {
                    offset += 1
                } else {
                    return failControl(UInt32(byte))
                }
            } else {
                isASCII = false
                guard let (value, length) = decode(bytes) else { return failEncoding(byte) }
                if isForbidden(value) { return failControl(value) }
                continuations += length - 1
                offset += length
            }
        }
    }

    /// The scalar at `offset`, nil unless it is well-formed.
    private func decode(_ bytes: Span<UInt8>) -> (value: UInt32, length: Int)? {
        func next(_ distance: Int) -> UInt32? {
            guard offset + distance < bytes.count else { return nil }
            let byte = bytes[offset + distance]
            return byte & 0xC0 == 0x80 ? UInt32(byte & 0x3F) : nil
        }
        let first = UInt32(bytes[offset])
        switch first {
        case 0xC2...0xDF:
            guard let second = next(1) else { return nil }
            return ((first & 0x1F) << 6 | second, 2)
        case 0xE0...0xEF:
            guard let second = next(1), let third = next(2) else { return nil }
            let value = (first & 0x0F) << 12 | second << 6 | third
            guard value >= 0x800, !(0xD800...0xDFFF).contains(value) else { return nil }
            return (value, 3)
        case 0xF0...0xF4:
            guard let second = next(1), let third = next(2), let fourth = next(3) else { return nil }
            let value = (first & 0x07) << 18 | second << 12 | third << 6 | fourth
            guard value >= 0x10000, value <= 0x10FFFF else { return nil }
            return (value, 4)
        default:
            return nil
        }
    }

    /// C1 controls with NEL, LS, PS, a byte order mark inside the text, and noncharacters of the basic plane.
    private func isForbidden(_ value: UInt32) -> Bool {
        value < 0xA0 || value == 0x2028 || value == 0x2029 || value == 0xFEFF || value == 0xFFFE || value == 0xFFFF
    }

    private var position: SourcePosition {
        SourcePosition(offset: offset, line: line, column: offset - lineStart - continuations + 1)
    }

    private mutating func failEncoding(_ byte: UInt8) {
        error = SyntaxError(
            position, .invalidUTF8, "byte 0x\(String(byte, radix: 16)) is not valid UTF-8 here",
            suggestion: "save the file as UTF-8")
    }

    private mutating func failControl(_ value: UInt32) {
        let hex = String(value, radix: 16, uppercase: true)
        let name = "U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex
        switch value {
        case 0x00: fail("NUL character \(name) is not allowed", "remove it; is this a text file in UTF-8?")
        case 0x0D: fail("carriage return \(name) without a line feed is not allowed", "use LF or CRLF line breaks")
        case 0x85, 0x2028, 0x2029: fail("line separator \(name) is not allowed", "use LF or CRLF line breaks")
        case 0xFEFF: fail("byte order mark \(name) is allowed only at the start of a file", "remove it")
        default:
            fail("control character \(name) is not allowed", "remove it")
        }
    }

    private mutating func fail(_ message: String, _ suggestion: String) {
        error = SyntaxError(position, .controlCharacter, message, suggestion: suggestion)
    }
}
