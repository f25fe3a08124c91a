extension JSONValue {
    /// Why a text is not JSON.
    struct Malformed: Error, Hashable, CustomStringConvertible {
        /// The offset of the byte that was not expected.
        let offset: Int

        var description: String { "byte \(offset) is not what JSON allows there" }
    }

    /// Parses a whole text. Nesting is limited to 64 levels; numbers must be integers of 64 bits.
    init(parsing bytes: [UInt8]) throws(Malformed) {
        var parser = JSONParser(bytes: bytes)
        self = try parser.value(depth: 0)
        parser.skipSpace()
        guard parser.index == bytes.count else { throw Malformed(offset: parser.index) }
    }
}

private struct JSONParser {
    let bytes: [UInt8]
    var index = 0

    private var malformed: JSONValue.Malformed { .init(offset: index) }
    private var byte: UInt8? { index < bytes.count ? bytes[index] : nil }

    mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return
            }
        }
    }

    mutating func value(depth: Int) throws(JSONValue.Malformed) -> JSONValue {
        guard depth < 64 else { throw malformed }
        skipSpace()
        switch byte {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        default: return .number(try number())
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) throws(JSONValue.Malformed) -> JSONValue {
        let count = word.utf8CodeUnitCount
        guard index + count <= bytes.count,
            word.withUTF8Buffer({ unsafe bytes[index..<index + count].elementsEqual($0) })
        else { throw malformed }
        index += count
        return value
    }

    private mutating func number() throws(JSONValue.Malformed) -> Int64 {
        let start = index
        if byte == UInt8(ascii: "-") { index += 1 }
        while let digit = byte, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) { index += 1 }
        guard let value = Int64(String(decoding: bytes[start..<index], as: UTF8.self)) else {
            index = start
            throw malformed
        }
        return value
    }

    private mutating func array(depth: Int) throws(JSONValue.Malformed) -> JSONValue {
        var elements: [JSONValue] = []
        index += 1
        skipSpace()
        if byte == UInt8(ascii: "]") {
            index += 1
            return .array(elements)
        }
        while true {
            elements.append(try value(depth: depth + 1))
            if try !comma(orEnd: UInt8(ascii: "]")) { return .array(elements) }
        }
    }

    private mutating func object(depth: Int) throws(JSONValue.Malformed) -> JSONValue {
        var members: [JSONValue.Member] = []
        index += 1
        skipSpace()
        if byte == UInt8(ascii: "}") {
            index += 1
            return .object(members)
        }
        while true {
            skipSpace()
            guard byte == UInt8(ascii: "\"") else { throw malformed }
            let name = try string()
            skipSpace()
            guard byte == UInt8(ascii: ":") else { throw malformed }
            index += 1
            members.append(.init(name: name, value: try value(depth: depth + 1)))
            if try !comma(orEnd: UInt8(ascii: "}")) { return .object(members) }
        }
    }

    private mutating func comma(orEnd end: UInt8) throws(JSONValue.Malformed) -> Bool {
        skipSpace()
        guard let found = byte, found == UInt8(ascii: ",") || found == end else { throw malformed }
        index += 1
        return found != end
    }

    private mutating func string() throws(JSONValue.Malformed) -> String {
        index += 1
        let start = index
        while let found = byte {
            switch found {
            case UInt8(ascii: "\""):
                defer { index += 1 }
                return String(decoding: bytes[start..<index], as: UTF8.self)
            case UInt8(ascii: "\\"): return try escapedString(from: start)
            case 0..<0x20: throw malformed
            default: index += 1
            }
        }
        throw malformed
    }

    private mutating func escapedString(from start: Int) throws(JSONValue.Malformed) -> String {
        var text = Array(bytes[start..<index])
        while let found = byte {
            index += 1
            switch found {
            case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = byte else { throw malformed }
                index += 1
                switch escaped {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(escaped)
                case UInt8(ascii: "b"): text.append(0x08)
                case UInt8(ascii: "f"): text.append(0x0C)
                case UInt8(ascii: "n"): text.append(0x0A)
                case UInt8(ascii: "r"): text.append(0x0D)
                case UInt8(ascii: "t"): text.append(0x09)
                case UInt8(ascii: "u"): text.append(contentsOf: Character(try unicodeScalar()).utf8)
                default: throw malformed
                }
            case 0..<0x20: throw malformed
            default: text.append(found)
            }
        }
        throw malformed
    }

    private mutating func unicodeScalar() throws(JSONValue.Malformed) -> Unicode.Scalar {
        let first = try codeUnit()
        if let scalar = Unicode.Scalar(first) { return scalar }
        guard (0xD800..<0xDC00).contains(first), byte == UInt8(ascii: "\\"), index + 1 < bytes.count,
            bytes[index + 1] == UInt8(ascii: "u")
        else { throw malformed }
        index += 2
        let second = try codeUnit()
        guard (0xDC00..<0xE000).contains(second) else { throw malformed }
        let value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        guard let scalar = Unicode.Scalar(value) else { throw malformed }
        return scalar
    }

    private mutating func codeUnit() throws(JSONValue.Malformed) -> UInt16 {
        guard index + 4 <= bytes.count,
            bytes[index..<index + 4].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
            let value = UInt16(String(decoding: bytes[index..<index + 4], as: UTF8.self), radix: 16)
        else { throw malformed }
        index += 4
        return value
    }
}
