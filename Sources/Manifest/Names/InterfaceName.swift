/// Names of network interfaces.
enum InterfaceName {
    /// `^[a-zA-Z][a-zA-Z0-9_-]{0,14}$`, and none of the names that mean something else to the kernel's sysctl tree.
    static func isValid(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 15, isLetter(first) else { return false }
        guard text.utf8.allSatisfy({ isAlphanumeric($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }) else {
            return false
        }
        return !reserved.contains(text)
    }

    static let reserved = ["all", "default", "lo"]

    /// A link of the host that we don't manage.
    static func isLinkName(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 15, isAlphanumeric(first) else { return false }
        return text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "@"), UInt8(ascii: "-"): true
            default: isAlphanumeric(byte)
            }
        }
    }

    static func isLetter(_ byte: UInt8) -> Bool {
        let folded = byte | 0x20
        return folded >= UInt8(ascii: "a") && folded <= UInt8(ascii: "z")
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool { isLetter(byte) || (byte >= 48 && byte <= 57) }
}
