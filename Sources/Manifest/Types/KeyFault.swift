import Model

/// What is wrong with a text that should be a key, without showing it.
enum KeyFault {
    static func describe(_ text: String) -> String {
        let count = text.unicodeScalars.count
        if count != 44 { return "\(count) characters" }
        if let key = PublicKey(text), key.isZero { return "the key of zeros" }
        let isBase64 = text.utf8.dropLast().allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
                true
            default: false
            }
        }
        if !isBase64 { return "characters that are not base64" }
        return text.utf8.last == UInt8(ascii: "=") ? "a last character no key ends in" : "no \"=\" at the end"
    }
}
