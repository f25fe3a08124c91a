import Model

/// Hexadecimal keys and decimal numbers of the cross-platform userspace protocol (wireguard.com/xplatform), by byte.
enum UAPIText {
    /// Four big-endian words from 64 hexadecimal digits of either case; nil for anything else.
    static func key(_ text: ArraySlice<UInt8>) -> (UInt64, UInt64, UInt64, UInt64)? {
        guard text.count == 64 else { return nil }
        let start = text.startIndex
        guard let a = word(text, at: start), let b = word(text, at: start + 16), let c = word(text, at: start + 32),
            let d = word(text, at: start + 48)
        else { return nil }
        return (a, b, c, d)
    }

    private static func word(_ text: ArraySlice<UInt8>, at start: Int) -> UInt64? {
        var value: UInt64 = 0
        for index in start..<start + 16 {
            let digit: UInt8
            switch text[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = text[index] - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = text[index] - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = text[index] - UInt8(ascii: "A") + 10
            default: return nil
            }
            value = value << 4 | UInt64(digit)
        }
        return value
    }

    /// A decimal number without sign; nil when it is none or overflows.
    static func number<Value: FixedWidthInteger & UnsignedInteger>(_ text: ArraySlice<UInt8>) -> Value? {
        guard !text.isEmpty else { return nil }
        var value: Value = 0
        for byte in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Value(byte - UInt8(ascii: "0")))
            if overflow || carry { return nil }
            value = sum
        }
        return value
    }

    /// `192.0.2.1:51820` or `[2001:db8::1]:51820`. A zone, as programs print for link-local endpoints, is dropped.
    static func endpoint(_ text: ArraySlice<UInt8>) -> SocketAddress? {
        guard let colon = text.lastIndex(of: UInt8(ascii: ":")), let port: UInt16 = number(text[(colon + 1)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]") {
            host = host.dropFirst().dropLast()
            if let zone = host.firstIndex(of: UInt8(ascii: "%")) { host = host[..<zone] }
        }
        return IPAddress(text: host).map { SocketAddress($0, port: port) }
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
