/// Paths with parameters: `/api/peers/{id}`.
enum PathPattern {
    /// The values of the parameters, decoded; nil where the path is another one.
    static func parameters(of path: some StringProtocol, in pattern: String) -> [String: String]? {
        let wanted = pattern.split(separator: "/", omittingEmptySubsequences: false)
        let words = path.split(separator: "/", omittingEmptySubsequences: false)
        guard wanted.count == words.count else { return nil }
        var parameters: [String: String] = [:]
        for (wanted, word) in zip(wanted, words) {
            if wanted.hasPrefix("{") {
                guard let value = PercentText.decoded(Substring(word)), !value.isEmpty else { return nil }
                parameters[String(wanted.dropFirst().dropLast())] = value
            } else if wanted != word {
                return nil
            }
        }
        return parameters
    }
}

/// Text of a URL.
enum PercentText {
    /// The text that `%41` and its like stand for; nil where it is none, or not UTF-8.
    static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                return nil
            }
            bytes.append(high << 4 | low)
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
