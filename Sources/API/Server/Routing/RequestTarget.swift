import HTTPTypes

/// Path and query of a request, taken apart once.
struct RequestTarget: Sendable {
    /// The decoded segments of the path; nil when it is no path that leads anywhere.
    let segments: [String]?
    private let queryText: Substring.UTF8View?

    /// The target of a request line: `/api/peers?limit=10`.
    init(_ target: String) {
        let bytes = target.utf8
        let mark = bytes.firstIndex(of: UInt8(ascii: "?"))
        queryText = mark.map { Substring(target[bytes.index(after: $0)...]).utf8 }
        segments = Self.segments(target[..<(mark ?? bytes.endIndex)].utf8)
    }

    private static func segments(_ path: Substring.UTF8View) -> [String]? {
        guard path.first == UInt8(ascii: "/") else { return nil }
        var segments: [String] = []
        for part in path.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false) {
            // A slash or a dot segment, however written, never reaches what looks things up by name.
            guard let segment = decoded(part, plusIsSpace: false), !segment.isEmpty, segment != ".", segment != "..",
                !segment.utf8.contains(where: { $0 == UInt8(ascii: "/") || $0 < 0x20 || $0 == 0x7F })
            else { return nil }
            segments.append(segment)
        }
        return segments
    }

    /// The parameters of the query, each name once.
    ///
    /// - Parameter names: The names that are taken; others are refused.
    /// - Throws: ``APIFailure`` 400.
    func query(_ names: Set<String>) throws(APIFailure) -> [String: String] {
        guard let queryText, !queryText.isEmpty else { return [:] }
        var values: [String: String] = [:]
        for pair in queryText.split(separator: UInt8(ascii: "&")) {
            let equals = pair.firstIndex(of: UInt8(ascii: "="))
            guard let name = Self.decoded(pair[..<(equals ?? pair.endIndex)], plusIsSpace: true),
                let value = Self.decoded(
                    equals.map { pair[pair.index(after: $0)...] } ?? pair[pair.endIndex...], plusIsSpace: true)
            else {
                throw APIFailure(.badRequest, "the query is not valid: percent signs need two digits of UTF-8 text")
            }
            guard names.contains(name) else {
                throw APIFailure(.badRequest, "query parameter \(Self.quoted(name)) is not known here")
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw APIFailure(.badRequest, "query parameter \(Self.quoted(name)) is given twice")
            }
        }
        return values
    }

    /// The value of a parameter, wherever it is taken; the first of several.
    func firstValue(of name: String) -> String? {
        guard let queryText else { return nil }
        for pair in queryText.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, Self.decoded(parts[0], plusIsSpace: true) == name else { continue }
            return Self.decoded(parts[1], plusIsSpace: true)
        }
        return nil
    }

    /// A name as a message may show it.
    private static func quoted(_ name: String) -> String {
        let name = name.prefix(40)
        return name.unicodeScalars.allSatisfy { $0.isASCII && $0.value >= 0x20 && $0.value != 0x7F } ? "\(name)" : "?"
    }

    /// Decodes percent signs; nil when the text is not valid.
    private static func decoded(_ text: Substring.UTF8View, plusIsSpace: Bool) -> String? {
        guard
            text.contains(where: { $0 == UInt8(ascii: "%") || $0 >= 0x80 || (plusIsSpace && $0 == UInt8(ascii: "+")) })
        else { return String(Substring(text)) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text[...]
        while let byte = rest.popFirst() {
            switch byte {
            case UInt8(ascii: "%"):
                guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                    return nil
                }
                bytes.append(high << 4 | low)
            case UInt8(ascii: "+") where plusIsSpace: bytes.append(UInt8(ascii: " "))
            default: bytes.append(byte)
            }
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
