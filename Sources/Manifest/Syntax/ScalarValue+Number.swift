extension ScalarValue {
    /// A scalar that starts like a number: `[-+]?[0-9]+`, `0o[0-7]+`, `0x[0-9a-fA-F]+`, decimal fractions with an
    /// exponent, `.inf` and `.nan`; anything else is a string.
    static func resolveNumber(_ bytes: Span<UInt8>) -> ScalarValue {
        let zero = UInt8(ascii: "0")
        if bytes.count > 2, bytes[0] == zero, bytes[1] == UInt8(ascii: "x") {
            return integer(bytes, from: 2, radix: 16, negative: false)
        }
        if bytes.count > 2, bytes[0] == zero, bytes[1] == UInt8(ascii: "o") {
            return integer(bytes, from: 2, radix: 8, negative: false)
        }
        let signed = bytes[0] == UInt8(ascii: "-") || bytes[0] == UInt8(ascii: "+")
        let first = signed ? 1 : 0
        guard first < bytes.count else { return .string }
        if isSpecialNumber(bytes, from: first, signed: signed) { return .number }

        var index = first
        while index < bytes.count, isDigit(bytes[index]) { index += 1 }
        let wholeDigits = index - first
        if index == bytes.count {
            if wholeDigits > 1, bytes[first] == zero { return .ambiguous }
            return integer(bytes, from: first, radix: 10, negative: bytes[0] == UInt8(ascii: "-"))
        }
        var fractionDigits = 0
        if bytes[index] == UInt8(ascii: ".") {
            index += 1
            while index < bytes.count, isDigit(bytes[index]) {
                index += 1
                fractionDigits += 1
            }
        }
        guard wholeDigits + fractionDigits > 0 else { return .string }
        if index < bytes.count {
            guard bytes[index] == UInt8(ascii: "e") || bytes[index] == UInt8(ascii: "E") else { return .string }
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "-") || bytes[index] == UInt8(ascii: "+") {
                index += 1
            }
            guard index < bytes.count else { return .string }
            while index < bytes.count, isDigit(bytes[index]) { index += 1 }
            guard index == bytes.count else { return .string }
        }
        return .number
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private static func integer(_ bytes: Span<UInt8>, from start: Int, radix: Int64, negative: Bool) -> ScalarValue {
        var value: Int64 = 0
        var overflow = false
        for index in start..<bytes.count {
            let digit: Int64
            switch bytes[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = Int64(bytes[index] - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = Int64(bytes[index] - UInt8(ascii: "a")) + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = Int64(bytes[index] - UInt8(ascii: "A")) + 10
            default: return .string
            }
            guard digit < radix else { return .string }
            let (product, overflowed) = value.multipliedReportingOverflow(by: radix)
            let (sum, overflowedAgain) = product.addingReportingOverflow(digit)
            if overflowed || overflowedAgain { overflow = true }
            value = sum
        }
        return overflow ? .number : .integer(negative ? -value : value)
    }

    private static func isSpecialNumber(_ bytes: Span<UInt8>, from start: Int, signed: Bool) -> Bool {
        guard bytes.count - start == 4, bytes[start] == UInt8(ascii: ".") else { return false }
        switch (bytes[start + 1], bytes[start + 2], bytes[start + 3]) {
        case (UInt8(ascii: "i"), UInt8(ascii: "n"), UInt8(ascii: "f")),
            (UInt8(ascii: "I"), UInt8(ascii: "n"), UInt8(ascii: "f")),
            (UInt8(ascii: "I"), UInt8(ascii: "N"), UInt8(ascii: "F")):
            return true
        case (UInt8(ascii: "n"), UInt8(ascii: "a"), UInt8(ascii: "n")),
            (UInt8(ascii: "N"), UInt8(ascii: "a"), UInt8(ascii: "N")),
            (UInt8(ascii: "N"), UInt8(ascii: "A"), UInt8(ascii: "N")):
            return !signed
        default: return false
        }
    }
}
