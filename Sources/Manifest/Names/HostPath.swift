/// Paths, programs and branches of the host file.
enum HostPath {
    static func isDirectory(_ text: String) -> Bool {
        guard text.utf8.first == UInt8(ascii: "/"), text.utf8.count <= 1024, isPrintable(text) else { return false }
        return !text.utf8.split(separator: UInt8(ascii: "/")).contains { $0.elementsEqual("..".utf8) }
    }

    static func isProgram(_ text: String) -> Bool {
        guard !text.isEmpty, text.utf8.count <= 1024, isPrintable(text) else { return false }
        if text.utf8.first == UInt8(ascii: "/") { return isDirectory(text) }
        return text.utf8.allSatisfy { byte in
            InterfaceName.isAlphanumeric(byte) || byte == UInt8(ascii: "_") || byte == UInt8(ascii: ".")
                || byte == UInt8(ascii: "-") || byte == UInt8(ascii: "+")
        } && InterfaceName.isAlphanumeric(text.utf8.first ?? 0)
    }

    /// The rules of `git check-ref-format --branch`, a little narrower.
    static func isBranch(_ text: String) -> Bool {
        guard (1...200).contains(text.utf8.count) else { return false }
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        return parts.allSatisfy { part in
            guard let first = part.first, InterfaceName.isAlphanumeric(first) || first == UInt8(ascii: "_"),
                let last = part.last, last != UInt8(ascii: ".")
            else { return false }
            var previous: UInt8 = 0
            for byte in part {
                switch byte {
                case UInt8(ascii: "."): if previous == byte { return false }
                case UInt8(ascii: "_"), UInt8(ascii: "-"): break
                default: guard InterfaceName.isAlphanumeric(byte) else { return false }
                }
                previous = byte
            }
            return !part.reversed().starts(with: "kcol.".utf8)
        }
    }

    private static func isPrintable(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { !FreeText.isControl($0) }
    }
}
