@_spi(_Unicode) import Swift

/// Unicode normalization form C. The standard library has it, but only as a system interface.
enum NormalizationFormC {
    /// The text in form C.
    static func of(_ text: String) -> String {
        var result = ""
        for scalar in text._nfc { result.unicodeScalars.append(scalar) }
        return result
    }

    /// Whether the bytes of the text are already in form C.
    static func isNormalized(_ text: String) -> Bool {
        if text.utf8.allSatisfy({ $0 < 0x80 }) { return true }
        return of(text).utf8.elementsEqual(text.utf8)
    }
}
