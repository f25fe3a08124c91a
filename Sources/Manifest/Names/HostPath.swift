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

    static func isGroup(_ text: String) -> Bool {
        guard let first = text.utf8.first, text.utf8.count <= 32,
            InterfaceName.isLetter(first) || first == UInt8(ascii: "_")
        else { return false }
        return text.utf8.allSatisfy { InterfaceName.isAlphanumeric($0) || "_-".utf8.contains($0) }
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

    /// The name of a remote, `scheme://rest`, `user@host:path` or an absolute path. Never what git takes for an option
    /// or the name of a helper program (`ext::`).
    static func isRemote(_ text: String) -> Bool {
        guard text.utf8.count <= 1024, isPrintable(text), !text.utf8.contains(UInt8(ascii: " ")) else { return false }
        if text.utf8.first == UInt8(ascii: "/") { return isDirectory(text) }
        if let scheme = remoteSchemes.first(where: { text.utf8.starts(with: "\($0)://".utf8) }) {
            let rest = text.utf8.dropFirst(scheme.utf8.count + 3)
            return rest.first.map { $0 != UInt8(ascii: "-") } ?? false
        }
        guard let at = text.utf8.firstIndex(of: UInt8(ascii: "@")) else { return isBranch(text) }
        let user = text.utf8[..<at]
        let rest = text.utf8[text.utf8.index(after: at)...]
        guard let colon = rest.firstIndex(of: UInt8(ascii: ":")) else { return false }
        let host = rest[..<colon]
        let path = rest[rest.index(after: colon)...]
        return [user, host].allSatisfy { part in
            InterfaceName.isAlphanumeric(part.first ?? 0)
                && part.allSatisfy { InterfaceName.isAlphanumeric($0) || "._-".utf8.contains($0) }
        } && !path.isEmpty && path.first != UInt8(ascii: ":")
    }

    private static let remoteSchemes = ["https", "http", "ssh", "git", "file"]

    private static func isPrintable(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { !FreeText.isControl($0) }
    }
}
