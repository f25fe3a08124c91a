import Model

/// Hexadecimal keys and decimal numbers of the cross-platform userspace protocol (wireguard.com/xplatform), by byte.
enum UAPIText {
    /// Four big-endian words from 64 hexadecimal digits of either case; nil for anything else.
    static func key(_ text: Span<UInt8>) -> (UInt64, UInt64, UInt64, UInt64)? {
        guard text.count == 64, let a = word(text, at: 0), let b = word(text, at: 16), let c = word(text, at: 32),
            let d = word(text, at: 48)
        else { return nil }
        return (a, b, c, d)
    }

    private static func word(_ text: Span<UInt8>, at start: Int) -> UInt64? {
        var value: UInt64 = 0
        for index in start..<start + 16 {
            let byte = text[index]
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: return nil
            }
            value = value << 4 | UInt64(digit)
        }
        return value
    }

    /// A decimal number without sign; nil when it is none or overflows.
    static func number<Value: FixedWidthInteger & UnsignedInteger>(_ text: Span<UInt8>) -> Value? {
        guard !text.isEmpty else { return nil }
        var value: Value = 0
        for index in text.indices {
            let byte = text[index]
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Value(byte - UInt8(ascii: "0")))
            if overflow || carry { return nil }
            value = sum
        }
        return value
    }

    /// `192.0.2.1:51820` or `[2001:db8::1]:51820`. A zone, as programs print for link-local endpoints, is dropped.
    static func endpoint(_ text: Span<UInt8>) -> SocketAddress? {
        var colon = text.count - 1
        while colon >= 0, text[colon] != UInt8(ascii: ":") { colon -= 1 }
        guard colon > 0, let port: UInt16 = number(text.extracting(colon + 1..<text.count)) else { return nil }
        var host = 0..<colon
        if text[0] == UInt8(ascii: "["), colon > 1, text[colon - 1] == UInt8(ascii: "]") {
            host = 1..<colon - 1
            for index in host where text[index] == UInt8(ascii: "%") {
                host = 1..<index
                break
            }
        }
        return IPAddress(text: text.extracting(host)).map { SocketAddress($0, port: port) }
    }

    static let digits = Array("0123456789abcdef".utf8)

    static func append(_ words: (UInt64, UInt64, UInt64, UInt64), to bytes: inout [UInt8]) {
        append(words.0, to: &bytes)
        append(words.1, to: &bytes)
        append(words.2, to: &bytes)
        append(words.3, to: &bytes)
    }

    private static func append(_ word: UInt64, to bytes: inout [UInt8]) {
        for shift in stride(from: UInt64(60), through: 0, by: -4) {
            bytes.append(digits[Int(word >> shift & 0xF)])
        }
    }
}
